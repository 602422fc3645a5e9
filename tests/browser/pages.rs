//! Every main page, for every role, at phone and desk width.
