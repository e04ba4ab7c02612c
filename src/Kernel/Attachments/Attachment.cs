namespace Plug1.Kernel.Attachments;

/// <summary>A file beside a document, without its content.</summary>
/// <param name="Id">Id.</param>
/// <param name="Name">Name as it was given, without folders.</param>
/// <param name="MediaType">What its content is; looked at, not believed.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Hash of its content in hexadecimal.</param>
/// <param name="AddedAt">When.</param>
/// <param name="AddedBy">By whom.</param>
public sealed record Attachment(Guid Id, string Name, string MediaType, long Size, string Sha256, DateTimeOffset AddedAt, Guid AddedBy);

/// <summary>Why a file is not taken.</summary>
public static class AttachmentRefusals
{
    /// <summary>The name has no letters, is too long, or names a folder.</summary>
    public static Refusal NameInvalid { get; } = new("ATTACHMENT_NAME_INVALID", "A file's name has 1 to 150 characters and names no folder.", "/name");

    /// <summary>There is nothing in it.</summary>
    public static Refusal Empty { get; } = new("ATTACHMENT_EMPTY", "The file is empty.");

    /// <summary>It is larger than files may be.</summary>
    public static Refusal TooLarge { get; } = new("ATTACHMENT_TOO_LARGE", "A file has at most 10 MB.", Status: 413);

    /// <summary>Its content is of no type that is taken, or of another than its name says.</summary>
    public static Refusal TypeNotAllowed { get; } = new("ATTACHMENT_TYPE_NOT_ALLOWED", "A file is a PDF, PNG, JPEG, XLSX, CSV or text file, and its name ends as its content says.", "/name");

    /// <summary>The document has as many as it may have.</summary>
    public static Refusal TooMany { get; } = new("ATTACHMENT_TOO_MANY", $"A document has at most {AttachmentBook.MostFiles} files.", Status: 409);

    /// <summary>There is no such file at the document.</summary>
    public static Refusal Unknown { get; } = new("ATTACHMENT_UNKNOWN", "There is no such file at this document.", Status: 404);

    /// <summary>The document is handed in: what it was decided on by stays.</summary>
    public static Refusal NotDraft { get; } = new("ATTACHMENT_STAYS", "Files are taken away only while a document is a draft.", "/status", 409);
}
