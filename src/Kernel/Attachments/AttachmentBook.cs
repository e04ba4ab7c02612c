using System.Security.Cryptography;
using System.Text.Json;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Attachments;

/// <summary>Files beside documents of any function, kept in the database: what is backed up has them, and what is restored has them unchanged.</summary>
/// <remarks>Who may see the document sees its files; who may make or change documents of the function adds files, and takes them away while it is a draft.</remarks>
public sealed class AttachmentBook(CommandRunner runner)
{
    /// <summary>The most bytes of a file.</summary>
    public const int MostBytes = 10 * 1024 * 1024;

    /// <summary>The most files of a document.</summary>
    public const int MostFiles = 20;

    private const int LongestName = 150;

    private static readonly Table Files = new("attachment",
        ("id", Kind.Id), ("document_id", Kind.Id), ("name", Kind.Text), ("media_type", Kind.Text), ("size", Kind.Long), ("sha256", Kind.Text), ("content", Kind.Bytes), ("added_at", Kind.Instant), ("added_by", Kind.Id));

    /// <summary>The action that adding and taking away asks for: <c>create</c>, or <c>update</c> where a function has no other; null where it has neither.</summary>
    public static string? ActionOf(Function function) =>
        function.Actions.Any(action => action.Action == "create") ? "create" : function.Actions.Any(action => action.Action == "update") ? "update" : null;

    /// <summary>The files of a document, in the order in which they came.</summary>
    public static Task<List<Attachment>> List(Db db, Guid documentId, CancellationToken ct = default) => db.Query(
        $"select id, name, media_type, size, sha256, added_at, added_by from attachment where document_id = {documentId} order by added_at, id",
        row => new Attachment(row.Guid(0), row.Text(1), row.Text(2), row.Long(3), row.Text(4), row.Instant(5), row.Guid(6)), ct);

    /// <summary>The content of a file.</summary>
    /// <returns>Refused with <c>ATTACHMENT_UNKNOWN</c>.</returns>
    /// <exception cref="InvariantBrokenException">The content is not what was filed.</exception>
    public static async Task<Result<(string Name, string MediaType, byte[] Content)>> Read(Db db, Guid documentId, Guid id, CancellationToken ct = default)
    {
        var found = await db.Query($"select name, media_type, content, sha256 from attachment where id = {id} and document_id = {documentId}",
            row => (Name: row.Text(0), MediaType: row.Text(1), Content: row.Bytes(2), Hash: row.Text(3)), ct);
        if (found.Count == 0) return AttachmentRefusals.Unknown;
        Invariant.Holds(Convert.ToHexStringLower(SHA256.HashData(found[0].Content)) == found[0].Hash, "A file is what was filed.");
        return (found[0].Name, found[0].MediaType, found[0].Content);
    }

    /// <summary>Files something beside a document.</summary>
    /// <param name="call">The call.</param>
    /// <param name="function">The function of the document.</param>
    /// <param name="documentId">The document.</param>
    /// <param name="name">Name of the file.</param>
    /// <param name="content">Its content.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Refused with one of <see cref="AttachmentRefusals"/>, <c>NOT_FOUND</c> or <c>PERMISSION_DENIED</c>.</returns>
    public Task<Result<Answer>> Add(CommandCall call, Function function, Guid documentId, string name, byte[] content, CancellationToken ct = default) =>
        runner.Run(call, function.Code, ActionOf(function)!, 201, async (tx, stamp) =>
        {
            var locked = await Document(tx, stamp, function, documentId, ct);
            if (locked.IsRefused) return locked.Refusal;
            name = name.Trim();
            if (name.Length is 0 or > LongestName || name.Any(letter => char.IsControl(letter) || char.IsSurrogate(letter) || letter is '/' or '\\' or ':' or '"')) return AttachmentRefusals.NameInvalid;
            if (content.Length == 0) return AttachmentRefusals.Empty;
            if (content.Length > MostBytes) return AttachmentRefusals.TooLarge;
            if (FileKinds.Of(name, content) is not { } type) return AttachmentRefusals.TypeNotAllowed;
            if (await tx.Number($"select count(*) from attachment where document_id = {documentId}", ct) >= MostFiles) return AttachmentRefusals.TooMany;
            var file = new Attachment(Ids.New(runner.Clock), name, type, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)), stamp.At, stamp.Actor.UserId);
            tx.Insert(Files, [[file.Id, documentId, file.Name, file.MediaType, file.Size, file.Sha256, content, file.AddedAt, file.AddedBy]]);
            Tell(tx, stamp, locked.Value, "attach", null, file);
            return (Result<Attachment>)file;
        }, ct);

    /// <summary>Takes a file away from a draft.</summary>
    /// <returns>Refused with <c>ATTACHMENT_UNKNOWN</c>, <c>ATTACHMENT_STAYS</c>, <c>NOT_FOUND</c> or <c>PERMISSION_DENIED</c>.</returns>
    public Task<Result<Answer>> Remove(CommandCall call, Function function, Guid documentId, Guid id, CancellationToken ct = default) =>
        runner.Run(call, function.Code, ActionOf(function)!, 200, async (tx, stamp) =>
        {
            var locked = await Document(tx, stamp, function, documentId, ct);
            if (locked.IsRefused) return locked.Refusal;
            if ((await List(tx, documentId, ct)).Find(file => file.Id == id) is not { } found) return AttachmentRefusals.Unknown;
            if (locked.Value.Status != Status.Draft) return AttachmentRefusals.NotDraft;
            tx.Stage($"delete from attachment where id = {id}");
            Tell(tx, stamp, locked.Value, "detach", found, null);
            return (Result<Attachment>)found;
        }, ct);

    private static async Task<Result<Header>> Document(Tx tx, Stamp stamp, Function function, Guid id, CancellationToken ct)
    {
        var locked = await Headers.Lock(tx, function.Code, id, null, ct);
        if (locked.IsRefused) return locked;
        var permission = $"{function.Code}.{ActionOf(function)}";
        return stamp.Actor.May(permission, locked.Value.BranchId) ? locked : CommandRunner.Denied(permission);
    }

    private void Tell(Tx tx, Stamp stamp, Header header, string action, Attachment? before, Attachment? after)
    {
        static string? Snapshot(Attachment? file) => file is null ? null : JsonSerializer.Serialize(new { file = new { file.Id, file.Name, file.MediaType, file.Size, file.Sha256 } }, JsonSerializerOptions.Web);
        AuditTrail.Stage(tx, new AuditEvent(stamp, header.Function, action, header.Kind, header.Id, Before: Snapshot(before), After: Snapshot(after)), runner.Clock);
    }
}
