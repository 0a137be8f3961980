"""German for the report: English text to German text. A side without an end is written as it stands in the table."""

from typing import Final

GERMAN_MONTHS: Final = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip

GERMAN: Final[dict[str, str]] = {
    "left": "links",
    "right": "rechts",
    "Left": "Links",
    # Banner, title and sentence beneath
    "Simulated: nobody was on the electrodes": "Simuliert: an den Elektroden war niemand",
    "Played from a file: not part of anybody’s history": "Aus einer Datei abgespielt: gehört zu keinem Verlauf",
    "Session report, page 1 of 1": "Bericht der Sitzung, Seite 1 von 1",
    "No squeeze could be counted": "Keine Anspannung gezählt",
    "Neither side yet": "Noch keine Seite",
    "{Side}: not yet": "{Side}: noch nicht",
    "Both sides joined from squeeze {n} on": "Beide Seiten machen ab Anspannung {n} mit",
    "{Side} joined from squeeze {n} on": "{Side} macht ab Anspannung {n} mit",
    "{Side} joined late": "{Side} kam spät",
    "{Side} joined with less than {other}": "{Side} mit weniger als {other}",
    "Both sides joined": "Beide Seiten machten mit",
    "The signal was lost; the reasons stand below.": "Das Signal ging verloren; warum, steht unten.",
    "No squeeze was tried.": "Es gab keinen Versuch.",
    "1 squeeze was tried.": "1 Anspannung wurde versucht.",
    "{n} squeezes were tried.": "{n} Anspannungen wurden versucht.",
    "1 squeeze was counted.": "1 Anspannung wurde gezählt.",
    "{n} squeezes were counted.": "{n} Anspannungen wurden gezählt.",
    "after the hint “{hint}”": "nach dem Hinweis „{hint}“",
    "{first}, and {second}.": "{first}, und {second}.",
    "together in {n} of the {of} squeezes in which both joined": (
        "zusammen in {n} der {of} Anspannungen, in denen beide mitmachten"
    ),
    "{Side} joined in every squeeze": "{Side} machte jedes Mal mit",
    "{Side} joined in {n} of {of} squeezes": "{Side} machte in {n} von {of} Anspannungen mit",
    "; took over: {list}": "; übernommen hat: {list}",
    # Whose session
    "Person": "Person",
    "Date": "Datum",
    "Exercise": "Übung",
    "Sensors": "Sensoren",
    "not given": "nicht angegeben",
    "not known": "nicht bekannt",
    "Prone ankle squeeze": "Fersendruck in Bauchlage",
    "Check": "Check",
    "Free squeezes": "Freie Anspannungen",
    "simulator": "Simulator",
    "file": "Datei",
    # Numbers
    "Symmetry in the check": "Symmetrie im Check",
    "Symmetry, where both joined": "Symmetrie, wo beide mitmachten",
    "needs both sides in one squeeze": "braucht beide Seiten in einer Anspannung",
    "one side was measured": "eine Seite wurde gemessen",
    "no common time, or only envelopes": "keine gemeinsame Zeit, oder nur Hüllkurven",
    "{side} is less": "{side} weniger",
    "no reference: no verdict": "ohne Referenz kein Urteil",
    "relative to own best": "bezogen auf das eigene Beste",
    "goal 85 to {top}": "Ziel 85 bis {top}",
    "at first {lsi}": "anfangs {lsi}",
    "Between left and right": "Zwischen links und rechts",
    "Between left and right, in the check": "Zwischen links und rechts, Check",
    "{Side} behind {other}": "{Side} nach {other}",
    "{Side} behind {other}, in the check": "{Side} nach {other}, im Check",
    "goal under 100 ms, together in {n} of {of}": "Ziel unter 100 ms, zusammen in {n} von {of}",
    "Clean squeezes": "Saubere Anspannungen",
    "of {n}": "von {n}",
    "no squeeze was counted": "keine Anspannung gezählt",
    "nothing to note": "nichts zu vermerken",
    "{n} neither side yet": "{n} noch keine Seite",
    "{n} {side} not yet": "{n} {side} noch nicht",
    "{n} {side} late": "{n} {side} spät",
    "{n} {side} less": "{n} {side} weniger",
    "{n} {side} below the goal": "{n} {side} unter dem Ziel",
    "{n} {side} no signal": "{n} {side} kein Signal",
    # Chart of the squeezes
    "Squeeze by squeeze": "Anspannung für Anspannung",
    "mean activation, % of the reference": "mittlere Aktivierung, % der Referenz",
    "mean activation, % of the session’s own largest level": "mittlere Aktivierung, % des Größten dieser Sitzung",
    "no squeeze": "keine Anspannung",
    "neither side yet": "noch keine Seite",
    "not yet": "noch nicht",
    "no signal, not counted": "kein Signal, nicht gezählt",
    "goal": "Ziel",
    "goal {side}": "Ziel {side}",
    "{side} joins from here on": "{side} macht ab hier mit",
    "{side} joins from here on, after “{hint}”": "{side} macht ab hier mit, nach „{hint}“",
    "Order: {order}.": "Reihenfolge: {order}.",
    "Order at first: {first}; at the end: {last}.": "Reihenfolge anfangs: {first}; am Ende: {last}.",
    "Helpers: {list}.": "Helfer: {list}.",
    "hamstring": "Oberschenkel hinten",
    "low back": "unterer Rücken",
    "inner thigh": "Oberschenkel innen",
    "outer hip": "Hüfte außen",
    "front thigh": "Oberschenkel vorn",
    "upper back": "oberer Rücken",
    "quiet": "ruhig",
    "working": "arbeitet mit",
    "eased": "lockerer",
    "taking over": "übernimmt",
    # Trend
    "Since {day}": "Seit {day}",
    "from the checks: squeezes without bars, before training": "aus den Checks: ohne Balken, vor dem Training",
    "training days {n} of the last {of}": "Trainingstage {n} der letzten {of}",
    "Joined, of 10": "Machte mit, von 10",
    "Symmetry": "Symmetrie",
    "Wake-up squeezes": "Weckphase, Anzahl",
    "± of the measurement": "± der Messung",
    "another kind of reference, pad, sensor or muscle; the line breaks there": (
        "andere Art Referenz, Elektrode, Sensor oder Muskel; dort bricht die Linie"
    ),
    # What comes next
    "Next": "Weiter",
    "Prone ankle squeeze, 3 sets of 20, most days.": "Fersendruck in Bauchlage, 3 Sätze zu 20, an den meisten Tagen.",
    "Prone ankle squeeze, short and soft, most days: about 30 squeezes until both sides join.": (
        "Fersendruck in Bauchlage, kurz und sanft, an den meisten Tagen: etwa 30 Anspannungen, bis beide Seiten "
        "mitmachen."
    ),
    "The same exercise on most days.": "Dieselbe Übung an den meisten Tagen.",
    "First the contact: wipe the skin dry, press both pads on for 5 seconds; new pads if they come off.": (
        "Zuerst der Kontakt: Haut trocken wischen, Elektroden 5 Sekunden andrücken; neue, wenn sie abgehen."
    ),
    "A check of ten squeezes before each training: its numbers are compared over weeks.": (
        "Vor jedem Training ein Check aus zehn Anspannungen: seine Zahlen werden über Wochen verglichen."
    ),
    "The check passed on {n} of the last {of} training days: the bridge is proposed. You decide.": (
        "Der Check gelang an {n} der letzten {of} Trainingstage: Vorschlag ist die Brücke. Sie entscheiden."
    ),
    "The check passed on {n} of the last {of} training days; at {need} the bridge is proposed. You decide.": (
        "Der Check gelang an {n} der letzten {of} Trainingstage; bei {need} kommt der Vorschlag zur Brücke. "
        "Sie entscheiden."
    ),
    "Goal {goal} of the reference.": "Ziel {goal} der Referenz.",
    "Pain {before} before, {after} after, of 10.": "Schmerz {before} vorher, {after} nachher, von 10.",
    "Pain {before} before, {after} after, of 10: no more today; rest, and ask if it stays.": (
        "Schmerz {before} vorher, {after} nachher, von 10: heute nicht mehr; ruhen, und fragen, wenn er bleibt."
    ),
    # How far to trust it
    "How far to trust it": "Wie verlässlich es ist",
    "Signal": "Signal",
    "Contact": "Kontakt",
    "Reference": "Referenz",
    "Timing": "Zeit",
    "{share} lost": "{share} verloren",
    "{s} in {gaps}": "{s} in {gaps}",
    "gaps": "Lücken",
    "1 gap": "1 Lücke",
    "{n} gaps": "{n} Lücken",
    "1 squeeze not counted": "1 Anspannung nicht gezählt",
    "{n} squeezes not counted": "{n} Anspannungen nicht gezählt",
    "broke off before its end": "brach vor dem Ende ab",
    "no contact": "kein Kontakt",
    "signal too large": "Signal zu groß",
    "mains hum": "Netzbrummen",
    "movement": "Bewegung",
    "heartbeat in the signal": "Herzschlag im Signal",
    "very quiet": "sehr leise",
    "coarse steps": "grobe Stufen",
    "the other side shines through": "die andere Seite scheint durch",
    "sides perhaps swapped": "Seiten vielleicht vertauscht",
    "lying on the pads": "auf den Elektroden gelegen",
    "good on both sides": "gut auf beiden Seiten",
    "good": "gut",
    "none: the session’s own largest level": "keine: das Größte dieser Sitzung",
    "largest of {n} maximal squeezes": "größte von {n} maximalen Anspannungen",
    "maximal squeeze": "maximale Anspannung",
    "best of {n} comfortable squeezes": "beste von {n} bequemen Anspannungen",
    "best squeeze": "beste Anspannung",
    "age not known": "Alter unbekannt",
    "1 day old": "1 Tag alt",
    "{n} days old": "{n} Tage alt",
    "made just before": "kurz davor",
    "1 minute old": "1 Minute alt",
    "{n} minutes old": "{n} Minuten alt",
    "1 hour old": "1 Stunde alt",
    "{n} hours old": "{n} Stunden alt",
    "counts": "Zähler",
    "noted outside {low} to {high}": "vermerkt außerhalb {low} bis {high}",
    "so relative to own best": "also bezogen auf das eigene Beste",
    "{levels}, ratio {ratio} ({caveat})": "{levels}, Verhältnis {ratio} ({caveat})",
    "one lag ± {ms} ms": "eine Verzögerung ± {ms} ms",
    "latency to screen {ms} ms": "bis zum Bild {ms} ms",
    # Foot
    "Therapist’s note": "Notiz der Therapie",
    "Normal left/right values of this exercise are not published: the sides are compared with each other, progress "
    "with the first sessions.": (
        "Normalwerte links/rechts sind für diese Übung nicht veröffentlicht: verglichen werden die Seiten miteinander, "
        "der Fortschritt mit den ersten Sitzungen."
    ),
    "A training aid, not a medical device. Made offline by GluteWake {app} from the recording {name}.": (
        "Eine Trainingshilfe, kein Medizinprodukt. Offline erstellt von GluteWake {app} aus der Aufnahme {name}."
    ),
    "SHA-256 {sha}, signal chain {chain}": "SHA-256 {sha}, Signalkette {chain}",
}
