using System.Text.Json;
using Plug1.Kernel.Audit.Seals;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Audit;

/// <summary>What a pass over the events that are not sealed yet found.</summary>
/// <param name="Events">How many events there are.</param>
/// <param name="Recomputed">Of how many the hash was computed again from what they show.</param>
/// <param name="First">Sequence number of the first event.</param>
/// <param name="Last">Sequence number of the last event.</param>
public sealed record AuditFindings(long Events, long Recomputed, long First, long Last);

/// <summary>Verifies what events that wait for their block prove by themselves. For what is sealed there is <see cref="SealCheck"/>.</summary>
/// <remarks>
/// An event of something new shows the whole object, so its hash is computed again; an event of a change shows only what differs,
/// so of its hashes only the form is verified. SQLite numbers events without a hole,
/// so a missing number is a missing event; PostgreSQL leaves numbers out when a transaction is undone, so there it proves nothing.
/// </remarks>
public static class AuditCheck
{
    private sealed record Event(long Seq, Guid Id, string Outcome, string? Before, string? After, string? Diff);

    /// <summary>Goes through the events since the last block, in order.</summary>
    /// <param name="db">A session for reading one moment.</param>
    /// <param name="differs">Told of each event that is not as it must be.</param>
    /// <param name="seen">Told now and then how many events have been read.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<AuditFindings> Run(Db db, Action<string> differs, Action<long>? seen = null, CancellationToken ct = default)
    {
        var mark = Sql.Raw(SealedRows.EventMark(db.Engine));
        var after = await db.Number($"select tx from watermark where name = {AuditSeals.EventMark}", ct);
        var holes = db.Engine == Engine.Sqlite;
        long events = 0, recomputed = 0, first = 0, last = holes ? after : 0;
        var all = db.Stream($"select seq, id, outcome, before_hash, after_hash, diff from audit_event where {mark} > {after} order by seq",
            row => new Event(row.Long(0), row.Guid(1), row.Text(2), row.TextOrNull(3), row.TextOrNull(4), row.TextOrNull(5)), ct);
        await foreach (var e in all)
        {
            if (events++ == 0) first = e.Seq;
            if (holes && e.Seq != last + 1)
                differs(e.Seq == last + 2 ? $"event {last + 1} is missing." : $"events {last + 1} to {e.Seq - 1} are missing.");
            last = e.Seq;
            foreach (var wrong in Wrong(e)) differs($"event {e.Seq} ({e.Id:D}): {wrong}");
            if (e.Before is null && e.After is not null) recomputed++;
            if (events % 10_000 == 0) seen?.Invoke(events);
        }

        if (holes)
        {
            var given = await db.Number($"select coalesce(max(seq), 0) from sqlite_sequence where name = {"audit_event"}", ct);
            if (given > last) differs(given == last + 1 ? $"event {given} is missing at the end." : $"events {last + 1} to {given} are missing at the end.");
        }

        return new AuditFindings(events, recomputed, first, last);
    }

    private static IEnumerable<string> Wrong(Event e)
    {
        if (e.Outcome is not ("done" or "denied")) yield return $"its outcome is '{e.Outcome}'.";
        foreach (var hash in new[] { e.Before, e.After })
            if (hash is not null && !(hash.Length == 64 && hash.All(sign => char.IsAsciiHexDigitLower(sign) || char.IsAsciiDigit(sign)))) yield return "a hash is no SHA-256.";
        if (e.Before is null && e.After is null && e.Diff is not null) yield return "it shows an object but has no hash.";
        if (e.Before is null && e.After is not null && AuditTrail.Hash(e.Diff) != e.After) yield return "its hash is not that of the object it shows.";
        if (e.Before is not null && (e.Diff is null || !IsList(e.Diff))) yield return "it shows no list of changes.";
    }

    private static bool IsList(string json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json);
            return parsed.RootElement.ValueKind == JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
