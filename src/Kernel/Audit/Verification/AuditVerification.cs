namespace Plug1.Kernel.Audit.Verification;

/// <summary>Who had the trail verified.</summary>
public static class VerifyOrigin
{
    /// <summary>The command line, the scheduled job, somebody in the audit viewer.</summary>
    public const string Command = "command", Job = "job", Asked = "asked";
}

/// <summary>The result of a verification of the audit trail and the ledger, as it is kept.</summary>
/// <param name="Id">Identity.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Origin">One of <see cref="VerifyOrigin"/>.</param>
/// <param name="UserId">Who asked for it; the system for the command line and the job.</param>
/// <param name="Blocks">The last sealed block, up to which all were computed again; zero when nothing was sealed.</param>
/// <param name="Events">Events in them.</param>
/// <param name="Transactions">Ledger transactions in them.</param>
/// <param name="LastEvent">Sequence number of the last sealed event.</param>
/// <param name="Unsealed">What waited for the next block: of such events only the form is verified.</param>
/// <param name="Digests">How many digests kept elsewhere were compared.</param>
/// <param name="Differences">How many differences were found.</param>
/// <param name="FirstDifference">The first of them; null for none.</param>
public sealed record AuditVerification(
    Guid Id, DateTimeOffset StartedAt, DateTimeOffset EndedAt, string Origin, Guid UserId, long Blocks, long Events, long Transactions, long LastEvent, long Unsealed, long Digests,
    long Differences, string? FirstDifference);

/// <summary>A verification with who asked for it.</summary>
/// <param name="Result">What was kept.</param>
/// <param name="User">Name of who asked; null for the system.</param>
public sealed record ToldVerification(AuditVerification Result, string? User);
