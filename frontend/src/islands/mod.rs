//! The interactive parts: the only code a browser downloads.
