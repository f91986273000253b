//! Admissions: who applies, for what, and what became of it.
