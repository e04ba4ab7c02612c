using Plug1.Kernel.Commands;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Imports;

/// <summary>What one chunk of rows would do.</summary>
/// <param name="Created">Rows that are new.</param>
/// <param name="Updated">Rows that change what is there.</param>
/// <param name="Unchanged">Rows that say what is there already.</param>
/// <param name="Write">Gathers the statements that do it, in sets.</param>
/// <param name="Changes">What is done to each record, for undoing it.</param>
public sealed record ImportPlan(int Created, int Updated, int Unchanged, Action<Tx> Write, IReadOnlyList<ImportChange> Changes);

/// <summary>A kind of master data that files bring. A row is known again by its key, so a file that is read twice does nothing the second time.</summary>
public abstract class ImportTarget
{
    /// <summary>Its word, such as <c>items</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>What who imports it needs besides <c>kernel.imports.run</c>; null for nothing.</summary>
    public virtual string? AlsoNeeds => null;

    /// <summary>Its fields.</summary>
    public abstract IReadOnlyList<ImportField> Fields { get; }

    /// <summary>What comes before the first statement of a chunk: the stamp of the caches.</summary>
    public abstract void Begin(Tx tx);

    /// <summary>The key of a row; null when it has none, which is noted as its fault.</summary>
    public abstract string? KeyOf(ImportRow row);

    /// <summary>Checks rows against what is there, noting the fault of each that is not taken, and plans the others.</summary>
    /// <param name="db">A session; inside the transaction of the chunk when it is written afterwards.</param>
    /// <param name="rows">Rows without fault and with different keys.</param>
    /// <param name="stamp">Who and when.</param>
    /// <param name="ct">Cancellation.</param>
    public abstract Task<ImportPlan> Plan(Db db, IReadOnlyList<ImportRow> rows, Stamp stamp, CancellationToken ct);

    /// <summary>Undoes what an import did to some records, as far as nobody has changed or used them since.</summary>
    /// <param name="tx">The transaction; <see cref="Begin"/> came before.</param>
    /// <param name="changes">The changes, the latest first; each record once.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Why each record stays that does, by its place.</returns>
    public abstract Task<IReadOnlyDictionary<long, Refusal>> Undo(Tx tx, IReadOnlyList<ImportChange> changes, CancellationToken ct);

    /// <summary>Which records stay: those that are gone, have another version than the import left, or were used.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="versions">The versions that stand now, locked.</param>
    /// <param name="used">The records that were used since.</param>
    protected static Dictionary<long, Refusal> Kept(IReadOnlyList<ImportChange> changes, IReadOnlyDictionary<Guid, long> versions, IReadOnlySet<Guid> used)
    {
        var kept = new Dictionary<long, Refusal>();
        foreach (var change in changes)
        {
            if (!versions.TryGetValue(change.RecordId, out var version)) kept[change.Seq] = UndoRefusals.Gone;
            else if (version != change.Version) kept[change.Seq] = UndoRefusals.Changed;
            else if (used.Contains(change.RecordId)) kept[change.Seq] = UndoRefusals.Used;
        }

        return kept;
    }
}
