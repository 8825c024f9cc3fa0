"""Pictures of cameras: the guarded client with its cache, and the simulator that stands in for cameras in demo mode."""
