using System.CommandLine;
using Plug1.Host.Setup;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Storage;

namespace Plug1.Host.CommandLine;

/// <summary><c>plug1 audit verify</c>: what the audit trail proves by itself, and what it does not.</summary>
internal static class AuditCommands
{
    /// <summary>The command.</summary>
    public static Command Make() => new("audit", "The audit trail.")
    {
        new Command("verify", "Verify the events: order, holes, hashes.").Works(Verify),
    };

    private static async Task<int> Verify(Workplace at, ParseResult parsed, CancellationToken ct)
    {
        long wrong = 0;
        var findings = await Progress.Show("Verifying the audit trail.", progress => Moment.Read(at.Database, async db =>
        {
            var total = await db.Number($"select count(*) from audit_event", ct);
            return await AuditCheck.Run(db, found =>
            {
                wrong++;
                Console.WriteLine(found);
            }, done => progress.Report(new Step("Verifying events", done, total)), ct);
        }, ct));

        var sqlite = at.Database.Engine == Engine.Sqlite;
        Console.WriteLine($"{findings.Events} events, numbers {findings.First} to {findings.Last}; {wrong} differences.");
        Console.WriteLine($"Verified: every event is well formed; of {findings.Recomputed} that made something the hash was computed again from what they show"
            + (sqlite ? "; no number is missing." : "."));
        Console.WriteLine("Not proved: that nobody with write access to the database changed an event and its hash together"
            + (sqlite ? "." : ", nor that no event was taken out, since PostgreSQL leaves numbers out by itself."));
        return wrong == 0 ? ExitCode.Done : ExitCode.Refused;
    }
}
