//! 货品: draft → submitted → published | returned; published ↔ paused → ended. A change to what is on sale is a new
//! version with a life of its own: the offer stays on the shelf while the version is reviewed.

named! {
    /// Where an offer stands.
    pub enum OfferStatus {
        /// 草稿: only its village sees it.
        Draft = "draft",
        /// 待审核: the centre reviews it.
        Submitted = "submitted",
        /// 在售.
        Published = "published",
        /// 已退回, with a reason; to be mended and submitted again.
        Returned = "returned",
        /// 暂停: off the shelf for a while.
        Paused = "paused",
        /// 已下架, for good.
        Ended = "ended",
    }
}

named! {
    /// What happens to an offer.
    pub enum OfferEvent {
        /// The village asks for review.
        Submit = "submit",
        /// The centre puts it on the shelf.
        Publish = "publish",
        /// The centre sends it back with a reason.
        Return = "return",
        /// Taken off the shelf for a while.
        Pause = "pause",
        /// Back on the shelf.
        Resume = "resume",
        /// Taken off for good.
        End = "end",
    }
}

steps! { "offer": OfferStatus, OfferEvent {
    Draft | Returned => Submit => Submitted,
    Submitted => Publish => Published,
    Submitted => Return => Returned,
    Published => Pause => Paused,
    Paused => Resume => Published,
    Published | Paused => End => Ended,
} }

impl OfferStatus {
    /// Whether it can be ordered.
    #[must_use]
    pub const fn on_sale(self) -> bool {
        matches!(self, Self::Published)
    }
}

named! {
    /// Where a version of an offer stands.
    pub enum VersionStatus {
        /// Being written.
        Draft = "draft",
        /// Under review.
        Submitted = "submitted",
        /// On sale.
        Published = "published",
        /// Sent back with a reason.
        Returned = "returned",
        /// A later version is on sale; orders that bought this one keep it.
        Superseded = "superseded",
    }
}

named! {
    /// What happens to a version.
    pub enum VersionEvent {
        /// The village asks for review.
        Submit = "submit",
        /// The centre puts it on sale.
        Publish = "publish",
        /// The centre sends it back with a reason.
        Return = "return",
        /// The village changes what was sent back.
        Revise = "revise",
        /// A later version took its place on sale.
        Supersede = "supersede",
    }
}

steps! { "offer_version": VersionStatus, VersionEvent {
    Draft | Returned => Submit => Submitted,
    Submitted => Publish => Published,
    Submitted => Return => Returned,
    Returned => Revise => Draft,
    Published => Supersede => Superseded,
} }

impl VersionStatus {
    /// Whether its content may still be changed in place.
    #[must_use]
    pub const fn editable(self) -> bool {
        matches!(self, Self::Draft | Self::Returned)
    }
}
