//! Every life cycle, every state, every event: only the steps written here pass.

use shared::domain::bill::{BillEvent, BillStatus};
use shared::domain::claim::{ClaimEvent, ClaimStatus};
use shared::domain::offer::{OfferEvent, OfferStatus, VersionEvent, VersionStatus};
use shared::domain::order::{OrderEvent, OrderStatus, order_cancellable, order_status_from_villages};
use shared::domain::quantity::Qty;
use shared::domain::receipt::{ReceiptEvent, ReceiptStatus};
use shared::domain::settlement::{SettlementEvent, SettlementStatus};
use shared::domain::village_order::{VillageOrderEvent, VillageOrderStatus};
use std::collections::BTreeSet;

/// Walks every state and event and compares what passes with the lines `from event to`.
macro_rules! only_these_steps {
    ($test:ident, $status:ty, $event:ty, $steps:literal) => {
        #[test]
        fn $test() {
            let listed: BTreeSet<String> = $steps
                .lines()
                .map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "))
                .filter(|l| !l.is_empty())
                .collect();
            let mut passed = BTreeSet::new();
            for from in <$status>::ALL {
                for event in <$event>::ALL {
                    match from.next(event) {
                        Ok(to) => assert!(passed.insert(format!("{from} {event} {to}"))),
                        Err(refusal) => {
                            assert_eq!(
                                (refusal.from, refusal.event),
                                (from.as_str(), event.as_str())
                            );
                        }
                    }
                    assert_eq!(from.can(event), from.next(event).is_ok());
                }
            }
            assert_eq!(passed, listed);
            names_come_back!($status);
            names_come_back!($event);
        }
    };
}

macro_rules! names_come_back {
    ($type:ty) => {
        for value in <$type>::ALL {
            assert_eq!(<$type>::from_name(value.as_str()), Some(value));
            assert_eq!(value.as_str().parse(), Ok(value));
            let json = serde_json::to_string(&value).expect("serialises");
            assert_eq!(json, format!("\"{value}\""));
            assert_eq!(serde_json::from_str::<$type>(&json).expect("reads"), value);
        }
        assert!("no such name".parse::<$type>().is_err());
    };
}

only_these_steps!(
    offer,
    OfferStatus,
    OfferEvent,
    "
    draft      submit   submitted
    returned   submit   submitted
    submitted  publish  published
    submitted  return   returned
    published  pause    paused
    paused     resume   published
    published  end      ended
    paused     end      ended
"
);

only_these_steps!(
    offer_version,
    VersionStatus,
    VersionEvent,
    "
    draft      submit     submitted
    returned   submit     submitted
    returned   revise     draft
    submitted  publish    published
    submitted  return     returned
    published  supersede  superseded
"
);

only_these_steps!(
    order,
    OrderStatus,
    OrderEvent,
    "
    requested       approve               approved
    requested       reject                rejected
    requested       expire_hold           cancelled
    requested       resubmit              requested
    rejected        resubmit              requested
    requested       cancel                cancelled
    approved        place                 placed
    approved        cancel                cancelled
    placed          confirm               confirmed
    placed          part_confirm          part_confirmed
    placed          cancel                cancelled
    confirmed       deliver               delivered
    confirmed       cancel                cancelled
    part_confirmed  deliver               delivered
    part_confirmed  cancel                cancelled
    delivered       accept                accepted
    delivered       accept_with_variance  accepted_with_variance
    accepted                close         closed
    accepted_with_variance  close         closed
"
);

only_these_steps!(
    village_order,
    VillageOrderStatus,
    VillageOrderEvent,
    "
    offered        confirm      confirmed
    offered        short        shorted
    offered        decline      declined
    offered        reduce       shorted
    offered        fail         declined
    offered        expire       expired
    offered        cancel       cancelled
    confirmed      reduce       shorted
    confirmed      fail         declined
    confirmed      pack         packed
    confirmed      cancel       cancelled
    shorted        reduce       shorted
    shorted        fail         declined
    shorted        pack         packed
    shorted        cancel       cancelled
    packed         collect      collected
    packed         cancel       cancelled
    collected      deliver      delivered
    delivered      take_back    packed
    delivered      accept       accepted
    delivered      reject_part  part_rejected
    accepted       credit       credited
    part_rejected  credit       credited
    credited       settle       settled
"
);

only_these_steps!(
    bill,
    BillStatus,
    BillEvent,
    "
    unbilled   issue     billed
    billed     pay_part  part_paid
    billed     pay_rest  paid
    part_paid  pay_part  part_paid
    part_paid  pay_rest  paid
    part_paid  unpay_all   billed
    part_paid  unpay_part  part_paid
    paid       unpay_all   billed
    paid       unpay_part  part_paid
"
);

only_these_steps!(
    receipt,
    ReceiptStatus,
    ReceiptEvent,
    "
    imported         match          matched
    imported         suspend        suspense
    suspense         match_by_hand  matched_by_hand
    matched_by_hand  confirm        confirmed
    matched_by_hand  refuse         suspense
    matched          post           posted
    confirmed        post           posted
    posted           ask_back       taking_back
    taking_back      keep           posted
    taking_back      take_back      suspense
    suspense         recognise      payout
"
);

only_these_steps!(
    settlement,
    SettlementStatus,
    SettlementEvent,
    "
    open     lock     locked
    locked   send     sent
    sent     confirm  confirmed
    sent     bounce   bounced
    bounced  reopen   open
"
);

only_these_steps!(
    claim,
    ClaimStatus,
    ClaimEvent,
    "
    opened  agree   agreed
    opened  refuse  refused
    agreed  post    posted
"
);

/// Every combination of up to three village orders.
fn triples() -> impl Iterator<Item = [VillageOrderStatus; 3]> {
    let all = VillageOrderStatus::ALL;
    all.into_iter().flat_map(move |a| {
        all.into_iter()
            .flat_map(move |b| all.into_iter().map(move |c| [a, b, c]))
    })
}

#[test]
fn an_order_follows_its_village_orders() {
    use VillageOrderStatus as V;
    for (villages, expected) in [
        (vec![], OrderStatus::Placed),
        (vec![V::Offered, V::Confirmed], OrderStatus::Placed),
        (vec![V::Offered, V::Declined], OrderStatus::Placed),
        (vec![V::Confirmed, V::Packed], OrderStatus::Confirmed),
        (vec![V::Confirmed, V::Collected], OrderStatus::Confirmed),
        (vec![V::Confirmed, V::Shorted], OrderStatus::PartConfirmed),
        (vec![V::Confirmed, V::Expired], OrderStatus::PartConfirmed),
        (
            vec![V::Declined, V::Expired, V::Cancelled],
            OrderStatus::Cancelled,
        ),
        (vec![V::Delivered, V::Collected], OrderStatus::Confirmed),
        (vec![V::Delivered, V::Declined], OrderStatus::Delivered),
        (vec![V::Delivered, V::Credited], OrderStatus::Delivered),
        (vec![V::Accepted, V::Credited], OrderStatus::Accepted),
        (
            vec![V::Accepted, V::PartRejected],
            OrderStatus::AcceptedWithVariance,
        ),
        (vec![V::Credited, V::Settled], OrderStatus::Accepted),
        (vec![V::Settled, V::Declined], OrderStatus::Closed),
    ] {
        assert_eq!(order_status_from_villages(&villages), expected, "{villages:?}");
    }
}

#[test]
fn the_order_of_the_villages_does_not_matter() {
    for [a, b, c] in triples() {
        let status = order_status_from_villages(&[a, b, c]);
        assert_eq!(status, order_status_from_villages(&[c, a, b]));
        assert_eq!(status, order_status_from_villages(&[b, a, c]));
    }
}

#[test]
fn what_an_order_knew_is_kept() {
    use VillageOrderStatus as V;
    assert_eq!(
        OrderStatus::PartConfirmed.derived(&[V::Packed, V::Packed]),
        OrderStatus::PartConfirmed
    );
    assert_eq!(
        OrderStatus::AcceptedWithVariance.derived(&[V::Credited]),
        OrderStatus::AcceptedWithVariance
    );
    assert_eq!(
        OrderStatus::AcceptedWithVariance.derived(&[V::Settled]),
        OrderStatus::Closed
    );
    for fixed in [
        OrderStatus::Requested,
        OrderStatus::Approved,
        OrderStatus::Rejected,
        OrderStatus::Cancelled,
        OrderStatus::Closed,
    ] {
        for villages in triples() {
            assert_eq!(fixed.derived(&villages), fixed);
        }
    }
}

#[test]
fn nothing_that_left_a_village_is_cancelled() {
    for villages in triples() {
        let left = villages.iter().any(|v| v.is_dispatched());
        assert_eq!(order_cancellable(OrderStatus::Confirmed, &villages), !left);
        assert!(!order_cancellable(OrderStatus::Delivered, &villages));
    }
    // Whatever has left can't be cancelled in its own life cycle either.
    for status in VillageOrderStatus::ALL {
        assert!(
            !(status.is_dispatched() && status.can(VillageOrderEvent::Cancel)),
            "{status}"
        );
    }
}

#[test]
fn a_village_answers_all_less_or_nothing() {
    let answer = |lines: &[(i64, i64)]| {
        let lines: Vec<_> = lines
            .iter()
            .map(|(ordered, confirmed)| (Qty(*ordered), Qty(*confirmed)))
            .collect();
        VillageOrderStatus::answer(&lines)
    };
    assert_eq!(answer(&[(5, 5), (3, 3)]), VillageOrderEvent::Confirm);
    assert_eq!(answer(&[(5, 5), (3, 0)]), VillageOrderEvent::Short);
    assert_eq!(answer(&[(5, 0), (3, 0)]), VillageOrderEvent::Decline);
}
