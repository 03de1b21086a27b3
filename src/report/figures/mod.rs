//! View -> the data of each figure: plain numbers and names, checked by hand in tests, with
//! nothing of how they are drawn.

pub(super) mod curve;
pub(super) mod flow;
pub(super) mod heat;
pub(super) mod retention;
pub(super) mod scatter;
pub(super) mod sizes;
pub(super) mod validation;
pub(super) mod value;
