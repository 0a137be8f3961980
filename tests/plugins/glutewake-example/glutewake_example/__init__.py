"""A driver for GluteWake from outside; copy this package to begin one of your own."""
