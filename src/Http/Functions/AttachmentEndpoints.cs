using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http.MasterData;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Attachments;
using Plug1.Kernel.Functions;

namespace Plug1.Http.Functions;

/// <summary>The files of a document.</summary>
/// <param name="Items">Files, in the order in which they came.</param>
/// <param name="MayChange">Whether the reader may add files.</param>
public sealed record AttachmentsAnswer(IReadOnlyList<Attachment> Items, bool MayChange);

/// <summary>Files beside the documents of every function.</summary>
internal static class AttachmentEndpoints
{
    private static readonly int[] No = [400, 401, 403, 404, 422];

    public static void MapAttachments(this RouteGroupBuilder group, Function function)
    {
        var (view, action) = ($"{function.Code}.view", AttachmentBook.ActionOf(function));
        group.MapGet("/{id:guid}/attachments", (Guid id, RequestActor who, Reading reading, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var header = await Details.Header(db, function, id, viewer, ct);
            if (header.IsRefused) return header.Refusal;
            return (Result<AttachmentsAnswer>)new AttachmentsAnswer(await AttachmentBook.List(db, id, ct), action is not null && viewer.Actor.May($"{function.Code}.{action}", header.Value.BranchId));
        })).WithName($"attachments-{function.Code}").WithSummary("The files of a document.").WithMetadata(new AsksFor(view)).Produces<AttachmentsAnswer>().Refuses(No);

        group.MapGet("/{id:guid}/attachments/{file:guid}", async (Guid id, Guid file, RequestActor who, Reading reading, CancellationToken ct) =>
        {
            var viewer = await reading.Viewer(who, ct);
            var found = await reading.Read(async db =>
            {
                var header = await Details.Header(db, function, id, viewer, ct);
                return header.IsRefused ? header.Refusal : await AttachmentBook.Read(db, id, file, ct);
            }, ct);
            // Always as a file to keep: what others have sent is not shown as a page of this site.
            return found.ToHttp(content => Results.File(content.Content, content.MediaType, content.Name));
        }).WithName($"attachment-{function.Code}").WithSummary("The content of a file.").WithMetadata(new AsksFor(view)).Produces<byte[]>(200, "application/octet-stream").Refuses(No);

        if (action is null) return;
        group.MapPost("/{id:guid}/attachments", async (Guid id, string? name, RequestActor who, HttpContext http) =>
        {
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = AttachmentBook.MostBytes;
            var bytes = await CommandEndpoints.Read(http);
            var call = CommandEndpoints.CallOf(http, who, bytes);
            return CommandEndpoints.ToHttp(await Book(http).Add(call, function, id, name ?? "", bytes, http.RequestAborted));
        }).WithName($"attach-{function.Code}").WithSummary("Files something beside a document: the body is the file as it is, at most 10 MB; PDF, PNG, JPEG, XLSX, CSV or text, told by its content.")
            .WithMetadata(new AsksFor($"{function.Code}.{action}")).Produces<Attachment>(201).Refuses(400, 401, 403, 404, 409, 413, 422);

        group.MapPost("/{id:guid}/attachments/{file:guid}/remove", async (Guid id, Guid file, RequestActor who, HttpContext http) =>
        {
            var call = CommandEndpoints.CallOf(http, who, await CommandEndpoints.Read(http));
            return CommandEndpoints.ToHttp(await Book(http).Remove(call, function, id, file, http.RequestAborted));
        }).WithName($"detach-{function.Code}").WithSummary("Takes a file away, while the document is a draft.").WithMetadata(new AsksFor($"{function.Code}.{action}"))
            .Produces<Attachment>().Refuses(400, 401, 403, 404, 409);
    }

    private static AttachmentBook Book(HttpContext http) => http.RequestServices.GetRequiredService<AttachmentBook>();
}
