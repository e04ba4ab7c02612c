using Plug1.Kernel.Security;

namespace Plug1.Kernel.Approvals;

/// <summary>A request that waits.</summary>
public sealed record ApprovalRequest(
    Guid Id, Guid DocumentId, string Action, int Level, string State, Guid RequestedBy, DateTimeOffset RequestedAt, IReadOnlyList<ApprovalStep> Steps, IReadOnlyList<ApprovalVote> Votes)
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

    /// <summary>Who leaves the decision to others, and for whom nobody decides: makers, who asked, who has decided already, and for whom that was.</summary>
    /// <param name="makers">Who made, edited and handed in the document.</param>
    public IReadOnlySet<Guid?> Barred(IEnumerable<Guid?> makers) =>
        makers.Append(RequestedBy).Concat(Votes.Select(vote => (Guid?)vote.By)).Concat(Votes.Select(vote => vote.OnBehalfOf)).Where(who => who is not null).ToHashSet();

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
            var next = step.EscalatesAt is { } at && at <= now ? step.EscalateRole : "";
            if (held.Find(grant => grant.Role == step.Role || grant.Role == RoleTemplates.Administrator || (next.Length > 0 && grant.Role == next)) is { } seat)
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
public sealed record ApprovalStep(int Level, string Role, string RuleText, DateTimeOffset? EscalatesAt, string EscalateRole, bool NeedsVote);

/// <summary>An approval that was given.</summary>
public sealed record ApprovalVote(int Level, string Role, Guid By, Guid? OnBehalfOf);

/// <summary>As which role somebody decides, and for whom who is away.</summary>
public sealed record ApprovalSeat(string Role, Guid? OnBehalfOf);
