"""What a session means: calibration, programme, attempt, rep, state, cue. Pure: no thread, clock, file or Qt."""
