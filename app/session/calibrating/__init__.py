"""The guided calibration: one state machine behind the page, the command and the tests.

No Qt, no clock, no thread: time is what the signal brings, answers are what people press.
"""
