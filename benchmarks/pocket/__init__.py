"""The proving ground: a drawn world without end, and the small real model `pocket` that learns it from nothing."""
