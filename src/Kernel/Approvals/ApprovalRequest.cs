using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Approvals;

/// <summary>A request that waits.</summary>
/// <param name="Id">Identity.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Action">The step that waits.</param>
/// <param name="Level">The level that is to be decided.</param>
/// <param name="State">open, approved, rejected or withdrawn.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="RequestedAt">When.</param>
/// <param name="Steps">Its roles and levels.</param>
/// <param name="Votes">Decisions that were taken.</param>
/// <param name="Editors">Everybody who changed the document.</param>
public sealed record ApprovalRequest(
    Guid Id, Guid DocumentId, string Action, int Level, string State, Guid RequestedBy, DateTimeOffset RequestedAt, IReadOnlyList<ApprovalStep> Steps, IReadOnlyList<ApprovalVote> Votes,
    IReadOnlyList<Guid> Editors)
{
    /// <summary>The steps of the present level that are still to be decided, those whose vote is needed first; all of the level when it is complete.</summary>
    public IReadOnlyList<ApprovalStep> Waiting
    {
        get
        {
            var level = Steps.Where(step => step.Level == Level).OrderByDescending(step => step.NeedsVote).ToList();
            bool Voted(ApprovalStep step) => Votes.Any(vote => vote.Level == Level && vote.Role == step.Role);
            var oneOfThem = level.Exists(step => !step.NeedsVote && Voted(step));
            var left = level.FindAll(step => !Voted(step) && (step.NeedsVote || !oneOfThem));
            return left.Count > 0 ? left : level;
        }
    }

    /// <summary>The step that is to be decided now, the first of several.</summary>
    public ApprovalStep Current => Waiting[0];

    /// <summary>How many levels there are.</summary>
    public int Levels => Steps.Max(step => step.Level);

    /// <summary>Who leaves the decision to others, and for whom nobody decides: makers and everybody who changed it, who asked, who has decided already, and for whom that was.</summary>
    /// <param name="makers">Who made, edited and handed in the document.</param>
    public IReadOnlySet<Guid?> Barred(IEnumerable<Guid?> makers) =>
        makers.Append(RequestedBy).Concat(Editors.Select(editor => (Guid?)editor)).Concat(Votes.Select(vote => (Guid?)vote.By)).Concat(Votes.Select(vote => vote.OnBehalfOf)).Where(who => who is not null).ToHashSet();

    /// <summary>As which role somebody may decide now, and for whom; null when they may not. One's own roles go before those held for somebody who is away.</summary>
    /// <param name="actor">Who would decide.</param>
    /// <param name="branch">The document's branch.</param>
    /// <param name="makers">Who made, edited and handed in the document.</param>
    /// <param name="now">Now, for escalation.</param>
    public ApprovalSeat? SeatOf(Actor actor, Guid branch, IReadOnlyList<Guid?> makers, DateTimeOffset now)
    {
        var barred = Barred(makers);
        if (barred.Contains(actor.UserId)) return null;
        if (actor.IsSystem) return new ApprovalSeat(Current.Role, null);
        var held = actor.Grants.Where(grant => (grant.BranchId is null || grant.BranchId == branch) && !barred.Contains(grant.OnBehalfOf))
            .OrderBy(grant => grant.OnBehalfOf is not null).ToList();
        foreach (var step in Waiting)
        {
            var next = step.PassedOnTo(now);
            if (held.Find(grant => grant.Role == step.Role || grant.Role == RoleTemplates.Administrator || next.Contains(grant.Role)) is { } seat)
                return new ApprovalSeat(step.Role, seat.OnBehalfOf);
        }

        return null;
    }

    /// <summary>Whether one more approval, as a role, completes the level: every vote that is needed is there, and where others may decide as well, one of theirs.</summary>
    public bool IsComplete(string role)
    {
        bool Voted(ApprovalStep step) => step.Role == role || Votes.Any(vote => vote.Level == Level && vote.Role == step.Role);
        var level = Steps.Where(step => step.Level == Level).ToList();
        return level.Where(step => step.NeedsVote).All(Voted) && (level.TrueForAll(step => step.NeedsVote) || level.Exists(step => !step.NeedsVote && Voted(step)));
    }
}

/// <summary>One role at one level of a request: who decides, and who may from when on.</summary>
/// <param name="Level">The level.</param>
/// <param name="Role">Who decides.</param>
/// <param name="RuleText">Which rule asked.</param>
/// <param name="EscalatesAt">From when on the next role may decide too.</param>
/// <param name="EscalateRole">The next role.</param>
/// <param name="NeedsVote">True when this role's own vote is needed; else one of those without suffices.</param>
/// <param name="EscalateMinutes">How long the level may take; zero for any time.</param>
/// <param name="EscalatedAt">When it was last passed on.</param>
/// <param name="EscalateThen">The roles after the next one, as they are kept.</param>
/// <param name="PassedOn">To how many roles it was passed on.</param>
public sealed record ApprovalStep(int Level, string Role, string RuleText, DateTimeOffset? EscalatesAt, string EscalateRole, bool NeedsVote, int EscalateMinutes = 0, DateTimeOffset? EscalatedAt = null,
    string EscalateThen = "", int PassedOn = 0)
{
    /// <summary>The further roles in their order; each with the instant from which it may decide too, null while the level has not begun.</summary>
    public IReadOnlyList<ApprovalTurn> Turns
    {
        get
        {
            if (EscalateRole.Length == 0 || (EscalateMinutes == 0 && EscalatesAt is null)) return [];
            var (at, turns) = (EscalatesAt, new List<ApprovalTurn> { new(EscalateRole, EscalatesAt) });
            foreach (var link in Rules.EscalationChain.Read(EscalateThen)) turns.Add(new ApprovalTurn(link.Role, at = at?.AddMinutes(link.Minutes)));
            return turns;
        }
    }

    /// <summary>The further roles that may decide too by now.</summary>
    public IReadOnlyList<string> PassedOnTo(DateTimeOffset now) => [.. Turns.Where(turn => turn.From <= now).Select(turn => turn.Role)];

    internal const string Columns = "s.level, s.role, s.rule_text, s.escalates_at, s.escalate_role, s.votes, s.escalate_minutes, s.escalated_at, s.escalate_then, s.passed_on";

    internal static ApprovalStep Read(Row row, int at = 0) => new(
        row.Int(at), row.Text(at + 1), row.Text(at + 2), row.InstantOrNull(at + 3), row.Text(at + 4), row.Text(at + 5) == "all", row.Int(at + 6), row.InstantOrNull(at + 7),
        row.Text(at + 8), row.Int(at + 9));
}

/// <summary>A further role of a step.</summary>
/// <param name="Role">The role.</param>
/// <param name="From">From when on it may decide too; null while the level has not begun.</param>
public sealed record ApprovalTurn(string Role, DateTimeOffset? From);

/// <summary>A decision that was taken at a level.</summary>
public sealed record ApprovalVote(int Level, string Role, Guid By, Guid? OnBehalfOf);

/// <summary>What somebody decides.</summary>
/// <param name="Verb">approve, reject or send-back.</param>
/// <param name="Reason">Reason code, needed to reject.</param>
/// <param name="Text">Free text beside it, needed to send back.</param>
public sealed record Decision(string Verb, string? Reason, string? Text)
{
    /// <summary>Whether it approves.</summary>
    public bool IsApproval => Verb == Documents.Verb.Approve;

    /// <summary>Whether it gives the document back to be changed.</summary>
    public bool IsSendingBack => Verb == Documents.Verb.SendBack;
}

/// <summary>As which role somebody decides, and for whom who is away.</summary>
public sealed record ApprovalSeat(string Role, Guid? OnBehalfOf);
