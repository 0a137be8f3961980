# Draw in what share of the squeezes each side fired, check by check; compare only checks of one kind.
checks <- read.delim("checks.tsv", na.strings = "n/a", fileEncoding = "UTF-8", colClasses = c(person = "character"))
checks$day <- as.Date(substr(checks$started_utc, 1, 10))
people <- split(checks, addNA(checks$person, ifany = TRUE))
png("trend.png", width = 800, height = 100 + 200 * length(people))
par(mfrow = c(max(1, length(people)), 1), mar = c(3, 4, 3, 1), cex = 1)
for (own in people) {
  plot(own$day, own$fired_left_pct, type = "o", pch = 15, col = "blue", ylim = c(0, 100), main = own$person[1],
       xlim = range(checks$day) + c(-1, 1), xlab = "", ylab = "fired, % (filled: left)")
  lines(own$day, own$fired_right_pct, type = "o", lty = 2, col = "orange")
}
invisible(dev.off())
