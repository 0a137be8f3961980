"""BioAmp front ends on an Arduino or its like, with the firmware of Chords; and NPG Lite, by wire or radio."""
