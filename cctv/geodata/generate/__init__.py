"""Make the synthetic part of the city: streets, buildings, public spaces, poles, water."""
