using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Imports;
using Plug1.Kernel.Jobs;

namespace Plug1.Http.Operations;

/// <summary>A kind of data that files bring.</summary>
/// <param name="Code">Its word.</param>
/// <param name="Name">Its name.</param>
/// <param name="MayRun">Whether the reader may import it.</param>
/// <param name="Fields">Its fields.</param>
public sealed record ImportKindItem(string Code, string Name, bool MayRun, IReadOnlyList<ImportField> Fields);

/// <summary>The kinds that can be imported.</summary>
/// <param name="MostBytes">Largest file, in bytes.</param>
/// <param name="Items">The kinds.</param>
public sealed record ImportKindsAnswer(long MostBytes, IReadOnlyList<ImportKindItem> Items);

/// <summary>Asks for a preview or for an import.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="FileId">The upload.</param>
/// <param name="Mapping">Which column is which field.</param>
public sealed record ImportRequest(string Kind, Guid FileId, ImportMappingRequest Mapping);

/// <summary>Which column of a file is which field.</summary>
/// <param name="Columns">Field and heading.</param>
/// <param name="Constants">Fields that have one value in every row.</param>
/// <param name="DecimalSeparator">A point or a comma; a point when left out.</param>
/// <param name="DateFormat">Form of dates, such as <c>dd.MM.yyyy</c>; <c>yyyy-MM-dd</c> when left out.</param>
/// <param name="Delimiter">What stands between cells; found out when left out.</param>
public sealed record ImportMappingRequest(
    IReadOnlyDictionary<string, string> Columns, IReadOnlyDictionary<string, string>? Constants = null, string? DecimalSeparator = null, string? DateFormat = null, string? Delimiter = null);

/// <summary>Undoing takes nothing but the import's id in the address.</summary>
public sealed record UndoImportRequest;

/// <summary>An import that was run.</summary>
/// <param name="Id">The work.</param>
/// <param name="Kind">The kind.</param>
/// <param name="FileName">The file.</param>
/// <param name="Sha256">Its SHA-256.</param>
/// <param name="Asker">Who asked for it.</param>
/// <param name="State">How the work stands.</param>
/// <param name="AskedAt">When it was asked for.</param>
/// <param name="Report">What it did, when it is done.</param>
/// <param name="Undoable">How many records could still be undone.</param>
public sealed record ImportItem(Guid Id, string Kind, string FileName, string Sha256, string Asker, string State, DateTimeOffset AskedAt, JsonElement? Report, long Undoable);

/// <summary>Imports, the latest first.</summary>
public sealed record ImportsAnswer(IReadOnlyList<ImportItem> Items, string? Next);

/// <summary>Imports in the browser: upload, columns, preview, run, undo. Preview, run and undo are long work.</summary>
internal static class ImportEndpoints
{
    private const string See = "kernel.imports.view";
    private const int MostRows = 200;
    private static readonly int[] No = [400, 401, 403, 404, 422];

    public static void MapImports(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/imports").WithTags("Imports");
        group.MapGet("/kinds", (RequestActor who, ImportKinds kinds) => !who.May(See) ? CommandRunner.Denied(See).ToHttp() : Results.Ok(new ImportKindsAnswer(WorkFiles.MostBytes,
            [.. kinds.All.Select(kind => new ImportKindItem(kind.Code, kind.Name, who.May("kernel.imports.run") && (kind.AlsoNeeds is not { } also || who.May(also)), kind.Fields))])))
            .WithName("importKinds").WithSummary("What can be imported, with its fields.").Produces<ImportKindsAnswer>().Refuses(No);

        group.MapPost("/files", Upload).WithMetadata(new BodyLimit(WorkFiles.MostBytes))
            .WithName("uploadImport").WithSummary("Takes a CSV file of at most 32 MB as it is, with its name in the address.").Produces<WorkFile>(201).Refuses(400, 401, 403, 409, 413, 422);

        group.MapGet("/files/{id:guid}/columns", (Guid id, string? kind, RequestActor who, Reading reading, ImportDesk desk, CancellationToken ct) => reading.For(who, ct).Answer(async (db, _) =>
            !who.May(See) ? CommandRunner.Denied(See) : await desk.Columns(db, who.Actor.UserId, kind ?? "", id, ct)))
            .WithName("importColumns").WithSummary("The columns of an upload with sample cells, and the mapping that was last chosen for such a file.").Produces<ImportColumns>().Refuses(No);

        group.MapCommand<ImportRequest, ImportAsked>("/preview", 202, (call, body, http) => Of<ImportDesk>(http).Ask(call, body.Kind, body.FileId, MappingOf(body.Mapping), write: false, http.RequestAborted))
            .WithName("previewImport").WithSummary("Has an upload looked at as long work; nothing is written.");
        group.MapCommand<ImportRequest, ImportAsked>("/run", 202, (call, body, http) => Of<ImportDesk>(http).Ask(call, body.Kind, body.FileId, MappingOf(body.Mapping), write: true, http.RequestAborted))
            .WithName("runImport").WithSummary("Has an upload imported as long work.");
        group.MapOptional<UndoImportRequest, ImportAsked>("/{id:guid}/undo", 202, (call, _, http) => Of<ImportDesk>(http).Undo(call, Guid.Parse((string)http.Request.RouteValues["id"]!), http.RequestAborted))
            .WithName("undoImport").WithSummary("Has an import undone as long work: every record that nobody has changed or used since.");

        group.MapGet("", (RequestActor who, Reading reading, CancellationToken ct, int limit = 20, string? after = null) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            if (!who.May(See)) return CommandRunner.Denied(See);
            if (limit is < 1 or > MostRows) return Kernel.Reporting.Refusals.LimitInvalid(MostRows);
            if (!string.IsNullOrEmpty(after) && !Guid.TryParse(after, out _)) return Kernel.Reporting.Refusals.CursorInvalid();
            var found = await WorkDesk.Page(db, null, [ImportRunWork.Word], false, string.IsNullOrEmpty(after) ? null : Guid.Parse(after), limit + 1, ct);
            var page = found.Take(limit).ToList();
            var open = await ImportChanges.CountOpen(db, [.. page.Select(work => work.Id)], ct);
            return (Result<ImportsAnswer>)new ImportsAnswer([.. page.Select(work => Tell(work, open))], found.Count > limit ? page[^1].Id.ToString("D") : null);
        })).WithName("imports").WithSummary("Imports that were run, the latest first.").Produces<ImportsAnswer>().Refuses(No);
    }

    private static async Task<IResult> Upload(HttpContext http, RequestActor who, ImportDesk desk, string? name)
    {
        if (http.Request.ContentLength > WorkFiles.MostBytes) return WorkRefusals.FileTooLarge.ToHttp();
        using var buffer = new MemoryStream((int)Math.Clamp(http.Request.ContentLength ?? 0, 1024, WorkFiles.MostBytes));
        try
        {
            await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return WorkRefusals.FileTooLarge.ToHttp();
        }

        var bytes = buffer.ToArray();
        return CommandEndpoints.ToHttp(await desk.Upload(CommandEndpoints.CallOf(http, who, bytes), name ?? "", bytes, http.RequestAborted));
    }

    private static ImportItem Tell(Work work, Dictionary<Guid, long> open)
    {
        var input = JsonSerializer.Deserialize<ImportInput>(work.Input, JsonSerializerOptions.Web)!;
        return new ImportItem(work.Id, input.Kind, input.FileName, input.Sha256, work.Asker, work.State, work.AskedAt, work.Result is null ? null : JsonElement.Parse(work.Result),
            work.EndedAt is null ? 0 : open.GetValueOrDefault(work.Id));
    }

    private static ImportMapping MappingOf(ImportMappingRequest asked) =>
        new(asked.Columns, asked.Constants, null, string.IsNullOrEmpty(asked.Delimiter) ? null : asked.Delimiter, asked.DecimalSeparator ?? ".", string.IsNullOrEmpty(asked.DateFormat) ? "yyyy-MM-dd" : asked.DateFormat);

    private static T Of<T>(HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();

    /// <summary>The largest body of an endpoint.</summary>
    private sealed record BodyLimit(long Bytes) : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => Bytes;
    }
}
