using Plug1.Kernel.Commands;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Imports;

/// <summary>What one chunk of rows would do.</summary>
/// <param name="Created">Rows that are new.</param>
/// <param name="Updated">Rows that change what is there.</param>
/// <param name="Unchanged">Rows that say what is there already.</param>
/// <param name="Write">Gathers the statements that do it, in sets.</param>
public sealed record ImportPlan(int Created, int Updated, int Unchanged, Action<Tx> Write);

/// <summary>A kind of master data that files bring. A row is known again by its key, so a file that is read twice does nothing the second time.</summary>
public abstract class ImportTarget
{
    /// <summary>items, parties or prices.</summary>
    public abstract string Kind { get; }

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
}
