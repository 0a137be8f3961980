"""The SpikerBoxes of Backyard Brains that speak over a serial port."""
