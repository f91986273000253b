//! Invitations to the desk: whoever opens a link, and the head agents who make them.

use std::collections::HashMap;

use db::{ReadTx, Tx};
use flow::{
    ActionCall, ActionResult,
    desk::{
        DeskDuty, DeskInvitation, DeskInvitations, DeskInvite, DeskInvited, DeskJoined, FillDeskInvite,
        JoinDesk, MakeDeskInvite, RevokeDeskInvite,
    },
};
use kernel::{Id, Kind, Lang, Result};
use serde_json::Value;
use tickets::{Coming, Invitation, InvitationKey, InvitationState, NewInvitation, actions, reads};

use super::{Me, found};
use crate::{
    Conversation, door,
    host::{Host, answer, args, person::telegram_of},
    store, ticketing,
};

/// Invitations that a head agent sees at once.
const SHOWN: usize = 10;

impl Host<'_> {
    /// Whoever writes opened a link. Only Telegram says who that is.
    pub(super) fn join(
        &self,
        tx: &mut Tx,
        conversation: &Conversation,
        call: &ActionCall,
    ) -> Result<ActionResult> {
        let JoinDesk { key } = args(call)?;
        let ctx = &ticketing::asking(self.ctx);
        let Some(telegram) = telegram_of(ctx, tx, conversation)? else { return answer(call, "none", &()) };
        let name = &conversation.person_name;
        let joined = |name: String, lang: Lang, why| {
            let lang = conversation.lang.unwrap_or(lang).code().to_owned();
            DeskJoined { name, lang, why }
        };
        match actions::accept_invitation(ctx, tx, &key, telegram.telegram_id, name)? {
            Coming::Hired(agent, lang) => answer(call, "ok", &joined(agent.full_name, lang, None)),
            Coming::Known(_) => answer(call, "known", &()),
            Coming::Dead(state, lang) => {
                answer(call, "dead", &joined(name.clone(), lang, Some(state.word().to_owned())))
            }
            Coming::Unknown => answer(call, "none", &()),
        }
    }
}

impl Me<'_> {
    /// The invitation as it is made, with one thing of it changed.
    pub(super) fn fill_invite(&self, tx: &mut ReadTx, call: &ActionCall) -> Result<ActionResult> {
        let FillDeskInvite { form, act, category } = args(call)?;
        let has = |number: i64| {
            let before = form.iter().flat_map(|form| &form.categories);
            let had = before.into_iter().any(|duty| duty.number == number && duty.has);
            had != (category == Some(number))
        };
        let offered = reads::categories(&self.ctx, tx)?.into_iter().filter(|category| category.is_active);
        let categories = offered.map(|category| DeskDuty {
            number: category.number,
            name: category.name.get(call.lang).to_owned(),
            has: has(category.number),
        });
        let categories = categories.collect();
        let (was_head, lang) = form
            .as_ref()
            .map_or((false, call.lang.code().to_owned()), |form| (form.is_head, form.lang.clone()));
        let lang = act.as_deref().and_then(Lang::parse).map_or(lang, |lang| lang.code().to_owned());
        let is_head = was_head != (act.as_deref() == Some("role"));
        answer(call, "ok", &DeskInvite { is_head, lang, categories })
    }

    /// Makes the invitation; its link leads to this bot.
    pub(super) fn invite(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let MakeDeskInvite { form: DeskInvite { is_head, lang, categories } } = args(call)?;
        let channel = store::channel::get(&self.ctx, tx, self.conversation.channel)?;
        let Some(username) = channel.username else { return answer(call, "none", &()) };
        let wanted = |number| categories.iter().any(|duty| duty.has && duty.number == number);
        let all = reads::categories(&self.ctx, tx)?;
        let new = NewInvitation {
            is_head,
            categories: all.iter().filter(|one| wanted(one.number)).map(|one| one.id).collect(),
            lang: Lang::parse(&lang).unwrap_or(call.lang),
        };
        let key = InvitationKey::new(self.ctx.random());
        match tx.savepoint(|tx| actions::invite_agent(&self.ctx, tx, new.clone(), &key)) {
            Ok(_) => answer(call, "ok", &DeskInvited { link: door::link(&username, &key) }),
            Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict) => {
                answer(call, "unfit", &())
            }
            Err(error) => Err(error),
        }
    }

    pub(super) fn invitations(&self, tx: &mut ReadTx, call: &ActionCall) -> Result<ActionResult> {
        let categories: HashMap<_, _> = reads::categories(&self.ctx, tx)?
            .into_iter()
            .map(|one| (one.id, one.name.get(call.lang).to_owned()))
            .collect();
        let agents: HashMap<_, _> =
            reads::agents(&self.ctx, tx)?.into_iter().map(|agent| (agent.id, agent.full_name)).collect();
        let show = |invitation: &Invitation| {
            let answers: Vec<&str> = invitation
                .categories
                .iter()
                .filter_map(|id| categories.get(id))
                .map(String::as_str)
                .collect();
            DeskInvitation {
                id: invitation.id.to_string(),
                is_head: invitation.is_head,
                answers: answers.join(", "),
                state: invitation.state(self.ctx.now()).word().to_owned(),
                agent: invitation.accepted.and_then(|(agent, _)| agents.get(&agent).cloned()),
                until_ms: invitation.expires_at.as_millis(),
            }
        };
        let all = reads::invitations(&self.ctx, tx)?;
        let is_pending = |one: &&Invitation| one.state(self.ctx.now()) == InvitationState::Pending;
        let pending = all.iter().filter(is_pending).take(SHOWN).map(show).collect();
        let items = all.iter().take(SHOWN).map(show).collect();
        answer(call, "ok", &DeskInvitations { items, pending })
    }

    pub(super) fn revoke(&self, tx: &mut Tx, call: &ActionCall) -> Result<ActionResult> {
        let RevokeDeskInvite { id } = args(call)?;
        let id: Option<Id<Invitation>> = Id::parse(&id).ok();
        let Some(id) = id else { return answer(call, "gone", &Value::Null) };
        let revoked = tx.savepoint(|tx| actions::revoke_invitation(&self.ctx, tx, id));
        match revoked {
            Err(error) if error.kind() == Kind::Conflict => answer(call, "gone", &()),
            revoked => answer(call, if found(revoked)?.is_some() { "ok" } else { "gone" }, &()),
        }
    }
}
