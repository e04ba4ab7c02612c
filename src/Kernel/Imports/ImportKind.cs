using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Imports;

/// <summary>What an import is asked to do; the input of its work.</summary>
/// <param name="Kind">Which <see cref="ImportKind"/>.</param>
/// <param name="FileId">The upload.</param>
/// <param name="FileName">Its name.</param>
/// <param name="Sha256">Its SHA-256.</param>
/// <param name="Mapping">Which column is which field.</param>
public sealed record ImportInput(string Kind, Guid FileId, string FileName, string Sha256, ImportMapping Mapping);

/// <summary>What the undoing of an import is asked to do.</summary>
/// <param name="Kind">The kind of the import.</param>
/// <param name="Import">The work that did it.</param>
public sealed record UndoInput(string Kind, Guid Import);

/// <summary>What an import would do, or has done.</summary>
/// <param name="Rows">Rows of data in the file.</param>
/// <param name="Created">Rows that are new.</param>
/// <param name="Changed">Rows that change what is there.</param>
/// <param name="Unchanged">Rows that say what is there already.</param>
/// <param name="Refused">Rows that are not taken.</param>
/// <param name="RefusedRows">The first of these, in the order of the file.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
public sealed record ImportReport(long Rows, long Created, long Changed, long Unchanged, long Refused, IReadOnlyList<RefusedRow> RefusedRows, string Sha256)
{
    /// <summary>How many refused rows a report names; the file of refused rows has all.</summary>
    public const int MostListed = 100;
}

/// <summary>A record that an undo left as it is.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Code">Why, as a stable code.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record KeptRecord(string Name, string Code, string Reason);

/// <summary>What an undo did.</summary>
/// <param name="TakenAway">Records that the import had made and that are gone.</param>
/// <param name="SetBack">Records that the import had changed and that are as before.</param>
/// <param name="Kept">Records that stay.</param>
/// <param name="KeptRecords">The first of these.</param>
public sealed record UndoReport(long TakenAway, long SetBack, long Kept, IReadOnlyList<KeptRecord> KeptRecords)
{
    /// <summary>How many kept records a report names.</summary>
    public const int MostListed = 500;
}

/// <summary>What an import did to a record.</summary>
/// <param name="Kind">What the record is.</param>
/// <param name="RecordId">Which.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Before">The record before it, as JSON; null when it was made.</param>
/// <param name="Version">Its version afterwards.</param>
/// <param name="Horizon">How far the facts were: what is beyond used it since.</param>
/// <param name="Seq">Its place within the import.</param>
public sealed record ImportChange(string Kind, Guid RecordId, string Name, string? Before, long Version, long Horizon = 0, long Seq = 0)
{
    /// <summary>Whether the import made the record.</summary>
    public bool IsNew => Before is null;
}

/// <summary>A kind of data that files bring. A module registers its own as a service of this type; opening balances of the ledger come as one.</summary>
public abstract class ImportKind
{
    /// <summary>Its word, such as <c>items</c>.</summary>
    public abstract string Code { get; }

    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>Its fields.</summary>
    public abstract IReadOnlyList<ImportField> Fields { get; }

    /// <summary>What who runs it needs besides <c>kernel.imports.run</c>; null for nothing.</summary>
    public virtual string? AlsoNeeds => null;

    /// <summary>Whether a file that is run twice counts twice, so that the second run is refused.</summary>
    public virtual bool CountsTwice => false;

    /// <summary>Reads the file and says what it would do; writes nothing but the file of refused rows.</summary>
    public abstract Task<Result<ImportReport>> Preview(WorkRun run, byte[] content, ImportInput input, CancellationToken ct);

    /// <summary>Takes the rows, step by step.</summary>
    public abstract Task<Result<ImportReport>> Run(WorkRun run, byte[] content, ImportInput input, CancellationToken ct);

    /// <summary>Undoes what an import did to some records, the latest first, as far as nobody has changed or used them since.</summary>
    /// <returns>Why each record stays that does, by its place.</returns>
    public abstract Task<IReadOnlyDictionary<long, Refusal>> Undo(Tx tx, IReadOnlyList<ImportChange> changes, WorkRun run, CancellationToken ct);

    /// <summary>How many records an undo takes at once; one where a refusal undoes the step.</summary>
    public virtual int UndoAtOnce => 1000;
}

/// <summary>Why an undo leaves a record as it is.</summary>
public static class UndoRefusals
{
    /// <summary>Somebody changed it.</summary>
    public static Refusal Changed { get; } = new("IMPORT_UNDO_CHANGED", "It was changed after the import.");

    /// <summary>Something uses it.</summary>
    public static Refusal Used { get; } = new("IMPORT_UNDO_USED", "It was used after the import.");

    /// <summary>It is there no longer.</summary>
    public static Refusal Gone { get; } = new("IMPORT_UNDO_GONE", "It is there no longer.");

    /// <summary>The code of a reversal that was asked for: the document stays until it is approved.</summary>
    public const string WaitsCode = "IMPORT_UNDO_WAITS";

    /// <summary>Its reversal was asked for, and somebody has to approve it.</summary>
    public static Refusal Waits(string role) => new(WaitsCode, $"Its reversal was asked for and waits for approval by {role}.");
}

/// <summary>The record of what imports did, for undoing them.</summary>
public static class ImportChanges
{
    private static readonly Table Table = new("import_change",
        ("work_id", Kind.Id), ("seq", Kind.Long), ("kind", Kind.Text), ("record_id", Kind.Id), ("name", Kind.Text), ("before", Kind.Text), ("version", Kind.Long), ("horizon", Kind.Long));

    /// <summary>How far the facts are now.</summary>
    public static Task<long> Horizon(Db db, CancellationToken ct) => db.Number($"select {Sql.Raw(Dialect.SafeHorizon(db.Engine, "fact"))}", ct);

    /// <summary>Gathers changes behind those that an import has noted.</summary>
    /// <returns>The number of the last.</returns>
    public static long Stage(Tx tx, Guid work, long after, long horizon, IReadOnlyList<ImportChange> changes)
    {
        tx.Insert(Table, [.. changes.Select((change, at) => new object?[] { work, after + at + 1, change.Kind, change.RecordId, change.Name, change.Before, change.Version, horizon })]);
        return after + changes.Count;
    }

    /// <summary>The last changes of an import that nobody has tried to undo.</summary>
    public static Task<List<ImportChange>> Open(Db db, Guid work, int most, CancellationToken ct) => db.Query(
        $"select kind, record_id, name, before, version, horizon, seq from import_change where work_id = {work} and undone is null order by seq desc limit {most}",
        row => new ImportChange(row.Text(0), row.Guid(1), row.Text(2), row.TextOrNull(3), row.Long(4), row.Long(5), row.Long(6)), ct);

    /// <summary>How many changes of each import could still be undone.</summary>
    public static async Task<Dictionary<Guid, long>> CountOpen(Db db, IReadOnlyCollection<Guid> works, CancellationToken ct) => (await db.Query(
        $"select work_id, count(*) from import_change where work_id {Sql.List(works)} and undone is null group by work_id", row => (row.Guid(0), row.Long(1)), ct))
        .ToDictionary(row => row.Item1, row => row.Item2);

    /// <summary>Notes what became of changes.</summary>
    public static void Settle(Tx tx, Guid work, IReadOnlyList<ImportChange> changes, IReadOnlyDictionary<long, Refusal> kept)
    {
        foreach (var group in changes.GroupBy(change => kept.TryGetValue(change.Seq, out var why) ? why.Code : "undone", StringComparer.Ordinal))
            tx.Stage($"update import_change set undone = {group.Key} where work_id = {work} and seq {Sql.List(group.Select(change => change.Seq))}");
    }
}
