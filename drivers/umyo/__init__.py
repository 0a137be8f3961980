"""uMyo of Ultimate Robotics: a stick-on sensor without leads, over Bluetooth, its advertisements, or its USB base."""
