using System.Text.Json;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Imports;

/// <summary>The kinds that can be imported, by their words.</summary>
public sealed class ImportKinds(IEnumerable<ImportKind> kinds)
{
    private readonly Dictionary<string, ImportKind> kinds = kinds.ToDictionary(kind => kind.Code, StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<ImportKind> All => kinds.Values;

    /// <summary>One of them, or null.</summary>
    public ImportKind? Find(string code) => kinds.GetValueOrDefault(code);

    /// <summary>Why somebody may not take a file of a kind; null when they may.</summary>
    public static Refusal? MayRun(ImportKind kind, CommandCall call) =>
        kind.AlsoNeeds is { } also && !call.Actor.May(also, call.BranchId) ? CommandRunner.Denied(also) : null;
}

/// <summary>Looks at a file as long work.</summary>
public sealed class ImportPreviewWork(ImportKinds kinds, Database database) : WorkHandler
{
    /// <summary>Its word.</summary>
    public const string Word = "import-preview";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <inheritdoc/>
    public override string Function => "kernel.imports";

    /// <inheritdoc/>
    public override string Action => "view";

    /// <inheritdoc/>
    public override bool TellsWhenDone => false;

    /// <inheritdoc/>
    public override string LinkOf(Guid work) => $"/admin/imports?preview={work:D}";

    /// <inheritdoc/>
    public override async Task<Result<string>> Run(WorkRun run, CancellationToken ct)
    {
        var (input, opened) = await ImportRunWork.Open(run, kinds, database, ct);
        if (opened.IsRefused) return opened.Refusal;
        var report = await opened.Value.Kind.Preview(run, opened.Value.Content, input, ct);
        return report.IsRefused ? report.Refusal : JsonSerializer.Serialize(report.Value, JsonSerializerOptions.Web);
    }
}

/// <summary>Takes a file as long work.</summary>
public sealed class ImportRunWork(ImportKinds kinds, Database database) : WorkHandler
{
    /// <summary>Its word.</summary>
    public const string Word = "import-run";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <inheritdoc/>
    public override string Function => "kernel.imports";

    /// <inheritdoc/>
    public override string Action => "run";

    /// <inheritdoc/>
    public override string LinkOf(Guid work) => $"/admin/imports?run={work:D}";

    /// <inheritdoc/>
    public override async Task<Result<string>> Run(WorkRun run, CancellationToken ct)
    {
        var (input, opened) = await Open(run, kinds, database, ct);
        if (opened.IsRefused) return opened.Refusal;
        if (ImportKinds.MayRun(opened.Value.Kind, run.Call) is { } denied) return denied;
        var report = await opened.Value.Kind.Run(run, opened.Value.Content, input, ct);
        return report.IsRefused ? report.Refusal : JsonSerializer.Serialize(report.Value, JsonSerializerOptions.Web);
    }

    /// <summary>The kind and the file that some work names.</summary>
    internal static async Task<(ImportInput Input, Result<(ImportKind Kind, byte[] Content)> Opened)> Open(WorkRun run, ImportKinds kinds, Database database, CancellationToken ct)
    {
        var input = run.Input<ImportInput>();
        if (kinds.Find(input.Kind) is not { } kind) return (input, ImportRefusals.KindUnknown);
        var file = await database.Read(db => WorkFiles.ReadOwn(db, input.FileId, run.Work.AskedBy, ct), ct);
        return (input, file is null ? WorkRefusals.FileUnknown : (kind, file.Content));
    }
}

/// <summary>Undoes an import as long work: each record as far as nobody has changed or used it since; the others are named and stay.</summary>
public sealed class ImportUndoWork(ImportKinds kinds, Database database) : WorkHandler
{
    /// <summary>Its word.</summary>
    public const string Word = "import-undo";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <inheritdoc/>
    public override string Function => "kernel.imports";

    /// <inheritdoc/>
    public override string Action => "run";

    /// <inheritdoc/>
    public override string LinkOf(Guid work) => $"/admin/imports?undo={work:D}";

    /// <inheritdoc/>
    public override async Task<Result<string>> Run(WorkRun run, CancellationToken ct)
    {
        var input = run.Input<UndoInput>();
        if (kinds.Find(input.Kind) is not { } kind) return ImportRefusals.KindUnknown;
        if (ImportKinds.MayRun(kind, run.Call) is { } denied) return denied;
        var total = await database.Read(db => db.Number($"select count(*) from import_change where work_id = {input.Import}", ct), ct);
        var report = run.Checkpoint is null ? new UndoReport(0, 0, 0, []) : JsonSerializer.Deserialize<UndoReport>(run.Checkpoint)!;
        while (true)
        {
            var changes = await database.Read(db => ImportChanges.Open(db, input.Import, kind.UndoAtOnce, ct), ct);
            if (changes.Count == 0) return JsonSerializer.Serialize(report, JsonSerializerOptions.Web);
            var before = report;
            UndoReport after = report;
            var stepped = await run.Step(async tx =>
            {
                var kept = await kind.Undo(tx, changes, run, ct);
                // Where a refusal undoes the step, it is told in a step of its own.
                if (kind.UndoAtOnce == 1 && kept.Values.FirstOrDefault() is { } no && no.Code != UndoRefusals.WaitsCode) return no;
                after = Told(before, changes, kept);
                ImportChanges.Settle(tx, input.Import, changes, kept);
                return Result.Of(JsonSerializer.Serialize(after));
            }, ct);
            if (stepped.Refusal is { } why)
            {
                var kept = new Dictionary<long, Refusal> { [changes[0].Seq] = why };
                after = Told(before, changes, kept);
                await run.Step(tx =>
                {
                    ImportChanges.Settle(tx, input.Import, changes, kept);
                    return Task.FromResult(Result.Of(JsonSerializer.Serialize(after)));
                }, ct);
            }

            report = after;
            run.Tell(report.TakenAway + report.SetBack + report.Kept, total, "Undoing");
        }
    }

    private static UndoReport Told(UndoReport before, IReadOnlyList<ImportChange> changes, IReadOnlyDictionary<long, Refusal> kept)
    {
        var named = changes.Where(change => kept.ContainsKey(change.Seq)).Select(change => new KeptRecord(change.Name, kept[change.Seq].Code, kept[change.Seq].Message));
        return new UndoReport(
            before.TakenAway + changes.Count(change => change.IsNew && !kept.ContainsKey(change.Seq)), before.SetBack + changes.Count(change => !change.IsNew && !kept.ContainsKey(change.Seq)),
            before.Kept + kept.Count, [.. before.KeptRecords.Concat(named).Take(UndoReport.MostListed)]);
    }
}
