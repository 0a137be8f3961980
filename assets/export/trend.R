# Draw in what share of the squeezes each side fired, check by check; compare only checks of one kind.
checks <- read.delim("checks.tsv", na.strings = "n/a", fileEncoding = "UTF-8")
checks$day <- as.Date(substr(checks$started_utc, 1, 10))
png("trend.png", width = 800, height = 500)
plot(range(checks$day), c(0, 100), type = "n", xlab = "", ylab = "fired, % of the squeezes")
for (own in split(checks, checks$person)) {
  lines(own$day, own$fired_left_pct, type = "o", pch = 15)
  lines(own$day, own$fired_right_pct, type = "o", pch = 1, lty = 2)
}
invisible(dev.off())
