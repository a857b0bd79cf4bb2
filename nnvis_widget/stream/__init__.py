"""From a run to the wire: protocol, frames, flow control."""
