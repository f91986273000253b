//! The parts of a page, drawn.
