using System.Text.Json;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Imports;

/// <summary>How far an import has come; kept with each step.</summary>
/// <param name="Rows">Rows of the file that are done.</param>
/// <param name="Created">Rows that were new.</param>
/// <param name="Changed">Rows that changed what was there.</param>
/// <param name="Unchanged">Rows that said what was there.</param>
/// <param name="Changes">Changes that were noted.</param>
internal sealed record ImportMark(long Rows, long Created, long Changed, long Unchanged, long Changes)
{
    public static ImportMark Of(string? checkpoint) => checkpoint is null ? new(0, 0, 0, 0, 0) : JsonSerializer.Deserialize<ImportMark>(checkpoint)!;

    public override string ToString() => JsonSerializer.Serialize(this);
}

/// <summary>Imports of records that are known again by a key: items, parties, prices, targets.</summary>
public sealed class RowImport(ImportTarget target, Database database, CommandRunner runner) : ImportKind
{
    private const int ChunkRows = 1000;

    /// <inheritdoc/>
    public override string Code => target.Kind;

    /// <inheritdoc/>
    public override string Name => target.Name;

    /// <inheritdoc/>
    public override string? AlsoNeeds => target.AlsoNeeds;

    /// <inheritdoc/>
    public override IReadOnlyList<ImportField> Fields => target.Fields;

    /// <inheritdoc/>
    public override Task<Result<ImportReport>> Preview(WorkRun run, byte[] content, ImportInput input, CancellationToken ct) => Go(run, content, input, write: false, ct);

    /// <inheritdoc/>
    public override Task<Result<ImportReport>> Run(WorkRun run, byte[] content, ImportInput input, CancellationToken ct) => Go(run, content, input, write: true, ct);

    /// <inheritdoc/>
    public override Task<IReadOnlyDictionary<long, Refusal>> Undo(Tx tx, IReadOnlyList<ImportChange> changes, WorkRun run, CancellationToken ct)
    {
        target.Begin(tx);
        return target.Undo(tx, changes, ct);
    }

    private async Task<Result<ImportReport>> Go(WorkRun run, byte[] content, ImportInput input, bool write, CancellationToken ct)
    {
        using var file = new MemoryStream(content, writable: false);
        var opened = await ImportFile.Open(file, input.Mapping, Fields);
        if (opened.IsRefused) return opened.Refusal;
        var refused = await RefusedFile.Of(content, input.Mapping);
        var (keys, mark, stamp) = (new Dictionary<string, long>(StringComparer.Ordinal), ImportMark.Of(run.Checkpoint), await runner.StampOf(run.Call, ct));
        var (done, seen, chunk) = (mark.Rows, 0L, new List<ImportRow>(ChunkRows));
        async Task<Refusal?> Take()
        {
            foreach (var row in chunk)
                if (target.KeyOf(row) is { } key && !keys.TryAdd(key, row.Line)) row.Refuse(Fields[0].Name, "IMPORT_ROW_TWICE", $"Line {keys[key]} is about the same.");
            var good = chunk.Where(row => row.Fault is null).ToList();
            // What an earlier run has done is looked at once more, only to name the rows that it refused.
            if (!write || seen < done) mark = await Look(good, mark, count: !write, stamp, ct);
            else if (await Write(run, good, chunk.Count, mark, stamp, ct) is { Refusal: { } no }) return no;
            else mark = ImportMark.Of(run.Checkpoint);
            seen += chunk.Count;
            refused.Add(chunk);
            run.Tell(seen, refused.Rows, write ? "Importing" : "Looking at the rows");
            chunk.Clear();
            ct.ThrowIfCancellationRequested();
            return null;
        }

        await foreach (var row in opened.Value.WithCancellation(ct))
        {
            chunk.Add(row);
            if (chunk.Count == ChunkRows && await Take() is { } no) return no;
        }

        if (chunk.Count > 0 && await Take() is { } last) return last;
        await refused.Keep(run, input, new ImportMark(0, 0, 0, 0, 0).ToString(), ct);
        return new ImportReport(seen, mark.Created, mark.Changed, mark.Unchanged, refused.Count, refused.First, input.Sha256);
    }

    private async Task<ImportMark> Look(List<ImportRow> good, ImportMark mark, bool count, Stamp stamp, CancellationToken ct)
    {
        var plan = await database.Read(db => target.Plan(db, good, stamp, ct), ct);
        return count ? mark with { Created = mark.Created + plan.Created, Changed = mark.Changed + plan.Updated, Unchanged = mark.Unchanged + plan.Unchanged } : mark;
    }

    private Task<Result> Write(WorkRun run, List<ImportRow> good, int rows, ImportMark mark, Stamp stamp, CancellationToken ct) => run.Step(async tx =>
    {
        target.Begin(tx);
        var horizon = await ImportChanges.Horizon(tx, ct);
        var plan = await target.Plan(tx, good, stamp, ct);
        plan.Write(tx);
        var last = ImportChanges.Stage(tx, run.Work.Id, mark.Changes, horizon, plan.Changes);
        return Result.Of(new ImportMark(mark.Rows + rows, mark.Created + plan.Created, mark.Changed + plan.Updated, mark.Unchanged + plan.Unchanged, last).ToString());
    }, ct);
}
