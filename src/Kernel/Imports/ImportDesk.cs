using System.Text.Json;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Imports;

/// <summary>An import that was asked for.</summary>
/// <param name="Id">The work.</param>
public sealed record ImportAsked(Guid Id);

/// <summary>What a file has, and how its columns would be taken.</summary>
/// <param name="Headings">Its headings.</param>
/// <param name="Samples">The cells of its first rows.</param>
/// <param name="Mapping">As chosen for the last file with these headings; else columns that are named like fields.</param>
/// <param name="Remembered">Whether the mapping was chosen before.</param>
public sealed record ImportColumns(IReadOnlyList<string> Headings, IReadOnlyList<IReadOnlyList<string>> Samples, ImportMapping Mapping, bool Remembered);

/// <summary>Where imports are asked for: upload, columns, preview, run, undo.</summary>
public sealed class ImportDesk(CommandRunner runner, ImportKinds kinds, WorkDesk work)
{
    /// <summary>Permissions and audit events name it.</summary>
    public const string Function = "kernel.imports";

    private const int Samples = 5;

    private static readonly Table Mappings = new Table("import_mapping",
        ("user_id", Kind.Id), ("kind", Kind.Text), ("headings", Kind.Text), ("mapping", Kind.Text), ("changed_at", Kind.Instant))
        .On("on conflict (user_id, kind, headings) do update set mapping = excluded.mapping, changed_at = excluded.changed_at");

    /// <summary>Takes a file; needs <c>kernel.imports.view</c>.</summary>
    public Task<Result<Answer>> Upload(CommandCall call, string name, byte[] content, CancellationToken ct = default) =>
        runner.Run(call, Function, "view", 201, (tx, stamp) => WorkFiles.Upload(tx, stamp, Function, name, "text/csv", content, runner.Clock, ct), ct);

    /// <summary>What columns an upload has, with the mapping that was last chosen for such a file.</summary>
    /// <returns>Refused with <c>IMPORT_KIND_UNKNOWN</c>, <c>WORK_FILE_UNKNOWN</c>, <c>IMPORT_EMPTY</c>.</returns>
    public async Task<Result<ImportColumns>> Columns(Db db, Guid user, string kindCode, Guid file, CancellationToken ct = default)
    {
        if (kinds.Find(kindCode) is not { } kind) return ImportRefusals.KindUnknown;
        if (await WorkFiles.ReadOwn(db, file, user, ct) is not { } upload) return WorkRefusals.FileUnknown;
        using var stream = new MemoryStream(upload.Content, writable: false);
        var look = await ImportFile.Look(stream, null, Samples);
        if (look.IsRefused) return look.Refusal;
        var key = KeyOf(look.Value.Headings);
        var kept = await db.First($"select mapping from import_mapping where user_id = {user} and kind = {kindCode} and headings = {key}", row => row.Text(0), ct);
        if (kept is not null) return new ImportColumns(look.Value.Headings, look.Value.Samples, JsonSerializer.Deserialize<ImportMapping>(kept, JsonSerializerOptions.Web)!, true);
        var alike = kind.Fields.Select(field => (field.Name, Heading: look.Value.Headings.FirstOrDefault(heading => Plain(heading) == Plain(field.Name))))
            .Where(pair => pair.Heading is not null).ToDictionary(pair => pair.Name, pair => pair.Heading!, StringComparer.Ordinal);
        return new ImportColumns(look.Value.Headings, look.Value.Samples, new ImportMapping(alike), false);
    }

    /// <summary>Asks for a preview, or for the import itself.</summary>
    /// <param name="call">Who; needs <c>kernel.imports.view</c> for a preview, <c>kernel.imports.run</c> and what the kind needs for a run.</param>
    /// <param name="kindCode">The kind.</param>
    /// <param name="fileId">The upload.</param>
    /// <param name="mapping">Which column is which field; remembered for the next file with these headings.</param>
    /// <param name="write">Whether to write.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Refused with <c>IMPORT_KIND_UNKNOWN</c>, <c>WORK_FILE_UNKNOWN</c>, <c>IMPORT_EMPTY</c>, <c>IMPORT_MAPPING_INVALID</c>,
    /// <c>IMPORT_COLUMN_MISSING</c>, <c>IMPORT_FILE_TWICE</c>, <c>WORK_TOO_MUCH</c>.</returns>
    public Task<Result<Answer>> Ask(CommandCall call, string kindCode, Guid fileId, ImportMapping mapping, bool write, CancellationToken ct = default) =>
        runner.Run(call, Function, write ? "run" : "view", 202, async (tx, stamp) =>
        {
            if (kinds.Find(kindCode) is not { } kind) return ImportRefusals.KindUnknown;
            if (write && ImportKinds.MayRun(kind, call) is { } denied) return denied;
            if (await WorkFiles.ReadOwn(tx, fileId, call.Actor.UserId, ct) is not { } file) return WorkRefusals.FileUnknown;
            if (mapping.Delimiter is { Length: not 1 }) return ImportRefusals.MappingInvalid("delimiter is one character.");
            using var stream = new MemoryStream(file.Content, writable: false);
            var look = await ImportFile.Look(stream, mapping.Delimiter?[0], 0);
            if (look.IsRefused) return look.Refusal;
            if (mapping.Check(kind.Fields, [.. look.Value.Headings], lenient: false) is { IsRefused: true } unfit) return unfit.Refusal;
            if (write && kind.CountsTwice && await IsTwice(tx, kindCode, file.File.Sha256, ct)) return ImportRefusals.FileTwice;
            tx.Insert(Mappings, [[call.Actor.UserId, kindCode, KeyOf(look.Value.Headings), JsonSerializer.Serialize(mapping, JsonSerializerOptions.Web), stamp.At]]);
            var input = new ImportInput(kindCode, fileId, file.File.Name, file.File.Sha256, mapping);
            var asked = await work.Ask(tx, stamp, write ? ImportRunWork.Word : ImportPreviewWork.Word, $"{(write ? "Import" : "Preview")}: {kind.Name}, {file.File.Name}",
                JsonSerializer.Serialize(input, JsonSerializerOptions.Web), new Dictionary<string, Guid> { ["input"] = fileId }, ct);
            return asked.IsRefused ? asked.Refusal : Result.Of(new ImportAsked(asked.Value));
        }, ct);

    /// <summary>Asks for an import to be undone.</summary>
    /// <returns>Refused with <c>NOT_FOUND</c>, <c>IMPORT_RUNNING</c>, <c>IMPORT_UNDO_NOTHING</c>, <c>WORK_TOO_MUCH</c>.</returns>
    public Task<Result<Answer>> Undo(CommandCall call, Guid import, CancellationToken ct = default) =>
        runner.Run(call, Function, "run", 202, async (tx, stamp) =>
        {
            if (await WorkDesk.Find(tx, import, ct) is not { Kind: ImportRunWork.Word } found) return Reporting.Refusals.NotFound("import");
            var input = JsonSerializer.Deserialize<ImportInput>(found.Input, JsonSerializerOptions.Web)!;
            if (kinds.Find(input.Kind) is not { } kind) return ImportRefusals.KindUnknown;
            if (ImportKinds.MayRun(kind, call) is { } denied) return denied;
            if (found.EndedAt is null) return ImportRefusals.Running;
            if (!(await ImportChanges.CountOpen(tx, [import], ct)).ContainsKey(import)) return ImportRefusals.NothingToUndo;
            // It is undone where it was done.
            var asked = await work.Ask(tx, stamp with { BranchId = found.BranchId }, ImportUndoWork.Word, $"Undo: {kind.Name}, {input.FileName}",
                JsonSerializer.Serialize(new UndoInput(input.Kind, import), JsonSerializerOptions.Web), ct: ct);
            return asked.IsRefused ? asked.Refusal : Result.Of(new ImportAsked(asked.Value));
        }, ct);

    /// <summary>Whether the same file was taken before and has not been undone.</summary>
    private static async Task<bool> IsTwice(Db db, string kind, string sha256, CancellationToken ct)
    {
        var before = await db.Query($"""
            select w.input, case when exists (select 1 from import_change c where c.work_id = w.id and (c.undone is null or c.undone <> 'undone')
                and not exists (select 1 from document d where d.id = c.record_id and d.status in ('reversed', 'cancelled'))) then 1 else 0 end, w.ended_at
            from work w where w.kind = {ImportRunWork.Word}
            """, row => (Input: JsonSerializer.Deserialize<ImportInput>(row.Text(0), JsonSerializerOptions.Web)!, Stands: row.Long(1) == 1, Ended: !row.IsNull(2)), ct);
        return before.Exists(one => one.Input.Kind == kind && one.Input.Sha256 == sha256 && (one.Stands || !one.Ended));
    }

    private static string KeyOf(IReadOnlyList<string> headings) => string.Join('\n', headings.Where(heading => heading != RefusedFile.Column));

    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}
