using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Imports;

/// <summary>Brings master data from CSV files: first a preview that names every row it would refuse, then chunk by chunk.</summary>
/// <remarks>
/// Each chunk is a transaction of its own that also says how far the file has come, so an import that was stopped goes on there; one that is
/// run again finds its rows and changes nothing. Rows that are refused are passed over.
/// </remarks>
public sealed class Importer(Database database, CommandRunner runner, CatalogueBook catalogue)
{
    private const int ChunkRows = 1000;
    private const int MostListed = 1000;
    private const string Function = "kernel.imports";
    private static readonly Table Runs = new Table("import_run",
        ("kind", Kind.Text), ("file_hash", Kind.Text), ("rows_done", Kind.Long), ("created", Kind.Long), ("updated", Kind.Long), ("unchanged", Kind.Long), ("refused", Kind.Long),
        ("finished", Kind.Bool), ("changed_at", Kind.Instant))
        .On("""
            on conflict (kind, file_hash) do update set rows_done = excluded.rows_done, created = excluded.created, updated = excluded.updated,
              unchanged = excluded.unchanged, refused = excluded.refused, finished = excluded.finished, changed_at = excluded.changed_at
            """);

    /// <summary>What there is to import, with its fields.</summary>
    public IReadOnlyList<ImportTarget> Targets { get; } = [new ItemImport(catalogue), new PartyImport(), new PriceImport(catalogue)];

    /// <summary>Tells what an import would do, and writes nothing.</summary>
    /// <param name="call">Who; needs <c>kernel.imports.view</c>.</param>
    /// <param name="kind">items, parties or prices.</param>
    /// <param name="file">The file; must be able to seek.</param>
    /// <param name="mapping">The mapping; null when the columns have the names of our fields.</param>
    /// <param name="ct">Cancellation.</param>
    public Task<Result<ImportOutcome>> Preview(CommandCall call, string kind, Stream file, ImportMapping? mapping = null, CancellationToken ct = default) =>
        Go(call, kind, "view", file, mapping, write: false, null, ct);

    /// <summary>Imports, or goes on where an earlier run of the same file with the same mapping was stopped.</summary>
    /// <param name="call">Who; needs <c>kernel.imports.run</c>.</param>
    /// <param name="kind">items, parties or prices.</param>
    /// <param name="file">The file; must be able to seek.</param>
    /// <param name="mapping">The mapping; null when the columns have the names of our fields.</param>
    /// <param name="progress">Told after each chunk how many rows are done.</param>
    /// <param name="ct">Stops it after the present chunk.</param>
    public Task<Result<ImportOutcome>> Run(
        CommandCall call, string kind, Stream file, ImportMapping? mapping = null, IProgress<long>? progress = null, CancellationToken ct = default) =>
        Go(call, kind, "run", file, mapping, write: true, progress, ct);

    private async Task<Result<ImportOutcome>> Go(
        CommandCall call, string kind, string action, Stream file, ImportMapping? mapping, bool write, IProgress<long>? progress, CancellationToken ct)
    {
        if (!call.Actor.May($"{Function}.{action}", call.BranchId)) return CommandRunner.Denied($"{Function}.{action}");
        if (Targets.FirstOrDefault(known => known.Kind == kind) is not { } target) return ImportRefusals.KindUnknown;
        file.Seek(0, SeekOrigin.Begin);
        var hash = await HashOf(file, mapping, ct);
        file.Seek(0, SeekOrigin.Begin);
        var opened = await ImportFile.Open(file, mapping, target.Fields);
        if (opened.IsRefused) return opened.Refusal;

        var state = new State(target, hash, await runner.StampOf(call, ct), write ? await Earlier(kind, hash, ct) : null);
        var chunk = new List<ImportRow>(ChunkRows);
        await foreach (var row in opened.Value.WithCancellation(CancellationToken.None))
        {
            chunk.Add(row);
            if (chunk.Count < ChunkRows) continue;
            await Take(state, chunk, write, last: false, ct);
            progress?.Report(state.Rows);
            chunk.Clear();
            ct.ThrowIfCancellationRequested();
        }

        await Take(state, chunk, write, last: true, ct);
        progress?.Report(state.Rows);
        return state.Outcome;
    }

    private async Task Take(State state, List<ImportRow> chunk, bool write, bool last, CancellationToken ct)
    {
        var fresh = state.Sort(chunk);
        if (!write)
        {
            var planned = await database.Read(db => state.Target.Plan(db, fresh.Taken, state.Stamp, ct), ct);
            state.Count(chunk, fresh, planned);
            return;
        }

        if (fresh.Skipped == chunk.Count && !last)
        {
            state.Count(chunk, fresh, new ImportPlan(0, 0, 0, _ => { }, []));
            return;
        }

        var done = await database.Write<Totals>(async tx =>
        {
            state.Target.Begin(tx);
            var plan = await state.Target.Plan(tx, fresh.Taken, state.Stamp, ct);
            plan.Write(tx);
            var after = state.After(chunk, fresh, plan);
            tx.Insert(Runs, [[state.Target.Kind, state.Hash, after.Rows, after.Created, after.Updated, after.Unchanged, after.Refused, last, state.Stamp.At]]);
            if (plan.Created + plan.Updated > 0)
            {
                AuditTrail.Stage(tx, new AuditEvent(state.Stamp, Function, "run", $"import-{state.Target.Kind}", null, After: JsonSerializer.Serialize(
                    new { file = state.Hash[..16], firstLine = chunk[0].Line, lastLine = chunk[^1].Line, plan.Created, plan.Updated })), runner.Clock);
            }

            return after;
        }, ct);
        state.Keep(chunk, fresh, done.Value);
    }

    private Task<Totals?> Earlier(string kind, string hash, CancellationToken ct) => database.Read(db => db.First(
        $"select rows_done, created, updated, unchanged, refused from import_run where kind = {kind} and file_hash = {hash} and not finished",
        row => new Totals(row.Long(0), row.Long(1), row.Long(2), row.Long(3), row.Long(4)), ct), ct);

    private static async Task<string> HashOf(Stream file, ImportMapping? mapping, CancellationToken ct)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(await SHA256.HashDataAsync(file, ct));
        sha.AppendData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(mapping)));
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    private sealed record Totals(long Rows, long Created, long Updated, long Unchanged, long Refused);

    /// <summary>A chunk sorted: what an earlier run has done, and what is to be looked at.</summary>
    private sealed record Fresh(int Skipped, List<ImportRow> Taken);

    /// <summary>How far the file has come.</summary>
    private sealed class State(ImportTarget target, string hash, Stamp stamp, Totals? earlier)
    {
        private readonly Dictionary<string, long> keys = new(StringComparer.Ordinal);
        private readonly List<RefusedRow> listed = [];
        private readonly long resumed = earlier?.Rows ?? 0;
        private Totals totals = earlier is null ? new(0, 0, 0, 0, 0) : earlier with { Rows = 0 };

        public ImportTarget Target => target;

        public string Hash => hash;

        public Stamp Stamp => stamp;

        public long Rows => totals.Rows;

        public ImportOutcome Outcome => new(target.Kind, totals.Rows, totals.Created, totals.Updated, totals.Unchanged, totals.Refused, listed, resumed);

        /// <summary>Refuses rows whose key an earlier row had, and leaves aside those that an earlier run has done.</summary>
        public Fresh Sort(List<ImportRow> chunk)
        {
            var skipped = (int)Math.Clamp(resumed - totals.Rows, 0, chunk.Count);
            foreach (var row in chunk)
            {
                if (target.KeyOf(row) is { } key && !keys.TryAdd(key, row.Line)) row.Refuse(target.Fields[0].Name, "IMPORT_ROW_TWICE", $"Line {keys[key]} is about the same.");
            }

            return new Fresh(skipped, [.. chunk.Skip(skipped).Where(row => row.Fault is null)]);
        }

        public Totals After(List<ImportRow> chunk, Fresh fresh, ImportPlan plan) => new(
            totals.Rows + chunk.Count, totals.Created + plan.Created, totals.Updated + plan.Updated, totals.Unchanged + plan.Unchanged,
            totals.Refused + chunk.Skip(fresh.Skipped).LongCount(row => row.Fault is not null));

        public void Count(List<ImportRow> chunk, Fresh fresh, ImportPlan plan) => Keep(chunk, fresh, After(chunk, fresh, plan));

        public void Keep(List<ImportRow> chunk, Fresh fresh, Totals after)
        {
            totals = after;
            foreach (var row in chunk.Skip(fresh.Skipped))
                if (row.Fault is { } fault && listed.Count < MostListed) listed.Add(fault);
        }
    }
}
