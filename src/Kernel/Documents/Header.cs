using Plug1.Kernel.Commands;
using Plug1.Kernel.Search;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Documents;

/// <summary>What every document has in common. Amounts are minor units of <see cref="Currency"/>.</summary>
public sealed class Header
{
    /// <summary>Its id, UUIDv7; the client may have made it.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its number, given at submit or post from a series.</summary>
    public string? Number { get; set; }

    /// <summary>Function code.</summary>
    public required string Function { get; init; }

    /// <summary>Kind within the function.</summary>
    public required string Kind { get; init; }

    /// <summary>Branch.</summary>
    public required Guid BranchId { get; init; }

    /// <summary>One of <see cref="Documents.Status"/>.</summary>
    public string Status { get; set; } = Documents.Status.Draft;

    /// <summary>Goes up with each write; a stale writer is refused.</summary>
    public long Version { get; set; } = 1;

    /// <summary>The day the business counts it for.</summary>
    public required DateOnly BusinessDate { get; set; }

    /// <summary>Whom it concerns.</summary>
    public Guid? PartyId { get; set; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; set; }

    /// <summary>Total in minor units.</summary>
    public long Total { get; set; }

    /// <summary>Category, when the document as a whole has one.</summary>
    public Guid? CategoryId { get; set; }

    /// <summary>Where the business came from: in-store, online, mobile, ...</summary>
    public string Channel { get; set; } = "in-store";

    /// <summary>The device it was made on.</summary>
    public string? DeviceId { get; set; }

    /// <summary>Shift, timesheet week, billing run.</summary>
    public Guid? SessionId { get; set; }

    /// <summary>The document that it was made from.</summary>
    public Guid? SourceDocumentId { get; set; }

    /// <summary>When and by whom it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <inheritdoc cref="CreatedAt"/>
    public required Guid CreatedBy { get; init; }

    /// <summary>Who changed it last; neither they nor anybody who changed it before may approve it.</summary>
    public Guid? EditedBy { get; internal set; }

    /// <summary>Who is to be kept among those who changed it, when it is written next.</summary>
    internal HashSet<Guid> NewEditors { get; } = [];

    /// <summary>Instant of submission.</summary>
    public DateTimeOffset? SubmittedAt { get; set; }

    /// <summary>Who submitted it.</summary>
    public Guid? SubmittedBy { get; set; }

    /// <summary>Instant of approval.</summary>
    public DateTimeOffset? ApprovedAt { get; set; }

    /// <summary>Who approved it; the system when no rule asked.</summary>
    public Guid? ApprovedBy { get; set; }

    /// <summary>Instant of posting.</summary>
    public DateTimeOffset? PostedAt { get; set; }

    /// <summary>Who posted it.</summary>
    public Guid? PostedBy { get; set; }

    /// <summary>Instant of closing.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Who closed it.</summary>
    public Guid? ClosedBy { get; set; }

    /// <summary>Instant of reversal.</summary>
    public DateTimeOffset? ReversedAt { get; set; }

    /// <summary>Who reversed it.</summary>
    public Guid? ReversedBy { get; set; }

    /// <summary>The document that this one mirrors.</summary>
    public Guid? ReversalOf { get; set; }

    /// <summary>A free remark.</summary>
    public string? Note { get; set; }

    /// <summary>A draft made now.</summary>
    public static Header Draft(Guid id, string function, string kind, Stamp stamp, string currency) => new()
    {
        Id = id,
        Function = function,
        Kind = kind,
        BranchId = stamp.BranchId,
        BusinessDate = stamp.BusinessDate,
        Currency = currency,
        CreatedAt = stamp.At,
        CreatedBy = stamp.Actor.UserId,
        DeviceId = stamp.Device,
    };

    /// <summary>Somebody changes it: from now on they are among those who do not decide on it.</summary>
    public void Edit(Stamp stamp)
    {
        EditedBy = stamp.Actor.UserId;
        NewEditors.Add(stamp.Actor.UserId);
    }

    /// <summary>It becomes a draft again; who handed it in counts among those who had it in hand.</summary>
    public void BackToDraft(Stamp stamp)
    {
        if (SubmittedBy is { } sender) NewEditors.Add(sender);
        MoveTo(Documents.Status.Draft, stamp);
        (SubmittedAt, SubmittedBy, ApprovedAt, ApprovedBy) = (null, null, null, null);
    }

    /// <summary>Sets who and when of the status it moves to.</summary>
    public void MoveTo(string status, Stamp stamp)
    {
        Status = status;
        var (at, by) = (stamp.At, stamp.Actor.UserId);
        switch (status)
        {
            case Documents.Status.Submitted: (SubmittedAt, SubmittedBy) = (at, by); break;
            case Documents.Status.Approved: (ApprovedAt, ApprovedBy) = (at, by); break;
            case Documents.Status.Posted when PostedAt is null: (PostedAt, PostedBy) = (at, by); break;
            case Documents.Status.Closed: (ClosedAt, ClosedBy) = (at, by); break;
            case Documents.Status.Reversed: (ReversedAt, ReversedBy) = (at, by); break;
        }
    }
}

/// <summary>Headers in the database.</summary>
public static class Headers
{
    /// <summary>The columns of a header in the order of <see cref="Read"/>.</summary>
    public const string Columns = """
        d.id, d.number, d.function, d.kind, d.branch_id, d.status, d.version, d.business_date, d.party_id, d.currency, d.total, d.category_id,
        d.source_channel, d.device_id, d.session_id, d.source_document_id, d.created_at, d.created_by, d.edited_by, d.submitted_at, d.submitted_by,
        d.approved_at, d.approved_by, d.posted_at, d.posted_by, d.closed_at, d.closed_by, d.reversed_at, d.reversed_by, d.reversal_of, d.note
        """;

    private static readonly Table Table = new("document",
        ("id", Kind.Id), ("number", Kind.Text), ("function", Kind.Text), ("kind", Kind.Text), ("branch_id", Kind.Id), ("status", Kind.Text), ("version", Kind.Long),
        ("business_date", Kind.Date), ("party_id", Kind.Id), ("currency", Kind.Text), ("total", Kind.Long), ("category_id", Kind.Id), ("source_channel", Kind.Text),
        ("device_id", Kind.Text), ("session_id", Kind.Id), ("source_document_id", Kind.Id), ("created_at", Kind.Instant), ("created_by", Kind.Id), ("edited_by", Kind.Id),
        ("submitted_at", Kind.Instant), ("submitted_by", Kind.Id), ("approved_at", Kind.Instant), ("approved_by", Kind.Id), ("posted_at", Kind.Instant), ("posted_by", Kind.Id),
        ("closed_at", Kind.Instant), ("closed_by", Kind.Id), ("reversed_at", Kind.Instant), ("reversed_by", Kind.Id), ("reversal_of", Kind.Id), ("note", Kind.Text));

    private static readonly Table Editors = new("document_editor", ("document_id", Kind.Id), ("user_id", Kind.Id));

    private static readonly Table Relations = new("document_relation", ("from_id", Kind.Id), ("to_id", Kind.Id), ("relation", Kind.Text));

    /// <summary>Reads a header from a row that begins with <see cref="Columns"/>.</summary>
    public static Header Read(Row row, int at = 0) => new()
    {
        Id = row.Guid(at),
        Number = row.TextOrNull(at + 1),
        Function = row.Text(at + 2),
        Kind = row.Text(at + 3),
        BranchId = row.Guid(at + 4),
        Status = row.Text(at + 5),
        Version = row.Long(at + 6),
        BusinessDate = row.Date(at + 7),
        PartyId = row.GuidOrNull(at + 8),
        Currency = row.Text(at + 9),
        Total = row.Long(at + 10),
        CategoryId = row.GuidOrNull(at + 11),
        Channel = row.Text(at + 12),
        DeviceId = row.TextOrNull(at + 13),
        SessionId = row.GuidOrNull(at + 14),
        SourceDocumentId = row.GuidOrNull(at + 15),
        CreatedAt = row.Instant(at + 16),
        CreatedBy = row.Guid(at + 17),
        EditedBy = row.GuidOrNull(at + 18),
        SubmittedAt = row.InstantOrNull(at + 19),
        SubmittedBy = row.GuidOrNull(at + 20),
        ApprovedAt = row.InstantOrNull(at + 21),
        ApprovedBy = row.GuidOrNull(at + 22),
        PostedAt = row.InstantOrNull(at + 23),
        PostedBy = row.GuidOrNull(at + 24),
        ClosedAt = row.InstantOrNull(at + 25),
        ClosedBy = row.GuidOrNull(at + 26),
        ReversedAt = row.InstantOrNull(at + 27),
        ReversedBy = row.GuidOrNull(at + 28),
        ReversalOf = row.GuidOrNull(at + 29),
        Note = row.TextOrNull(at + 30),
    };

    /// <summary>Writes a new header.</summary>
    public static void Insert(Db db, params IReadOnlyList<Header> headers)
    {
        db.Insert(Table, [.. headers.Select(h => new object?[]
        {
            h.Id, h.Number, h.Function, h.Kind, h.BranchId, h.Status, h.Version, h.BusinessDate, h.PartyId, h.Currency, h.Total, h.CategoryId, h.Channel, h.DeviceId,
            h.SessionId, h.SourceDocumentId, h.CreatedAt, h.CreatedBy, h.EditedBy, h.SubmittedAt, h.SubmittedBy, h.ApprovedAt, h.ApprovedBy, h.PostedAt, h.PostedBy,
            h.ClosedAt, h.ClosedBy, h.ReversedAt, h.ReversedBy, h.ReversalOf, h.Note,
        })]);
        SearchIndex.Stage(db, [.. headers.Where(h => h.Note is not null).Select(h => new SearchEntry("document", h.Id, "note", h.Note!))]);
        foreach (var edited in headers.Where(h => h.NewEditors.Count > 0)) db.Insert(Editors, [.. edited.NewEditors.Select(user => new object?[] { edited.Id, user })]);
    }

    /// <summary>Writes a changed header: one version further. The row must be locked by <see cref="Lock"/>.</summary>
    public static void Update(Tx tx, Header h)
    {
        var was = h.Version++;
        tx.Stage($"""
            update document set number = {h.Number}, status = {h.Status}, version = {h.Version}, business_date = {h.BusinessDate}, party_id = {h.PartyId},
              currency = {h.Currency}, total = {h.Total}, category_id = {h.CategoryId}, session_id = {h.SessionId}, edited_by = {h.EditedBy},
              submitted_at = {h.SubmittedAt}, submitted_by = {h.SubmittedBy}, approved_at = {h.ApprovedAt}, approved_by = {h.ApprovedBy},
              posted_at = {h.PostedAt}, posted_by = {h.PostedBy}, closed_at = {h.ClosedAt}, closed_by = {h.ClosedBy},
              reversed_at = {h.ReversedAt}, reversed_by = {h.ReversedBy}, note = {h.Note}
            where id = {h.Id} and version = {was}
            """, changed => Invariant.Holds(changed == 1, "A locked header was changed by another."));
        if (h.Note is { } note) SearchIndex.Stage(tx, new SearchEntry("document", h.Id, "note", note));
        foreach (var user in h.NewEditors) tx.Stage($"insert into document_editor (document_id, user_id) values ({h.Id}, {user}) on conflict do nothing");
    }

    /// <summary>Reads and locks a header of a function.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="function">Function code.</param>
    /// <param name="id">Document.</param>
    /// <param name="version">The version the writer has seen, or null when any will do.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>Refused with <c>NOT_FOUND</c> (404) or <c>VERSION_CONFLICT</c> (412).</returns>
    public static async Task<Result<Header>> Lock(Tx tx, string function, Guid id, long? version, CancellationToken ct = default)
    {
        var header = await tx.First($"select {Sql.Raw(Columns)} from document d where d.id = {id} and d.function = {function}{Dialect.ForUpdate(tx.Engine)}", row => Read(row), ct);
        if (header is null) return Unknown;
        if (version is { } seen && seen != header.Version) return Conflict(header.Version);
        return header;
    }

    /// <summary>The refusal of who names a document that is not there, or not theirs.</summary>
    public static Refusal Unknown { get; } = new("NOT_FOUND", "There is no such document.", Status: 404);

    /// <summary>The refusal of a stale writer.</summary>
    public static Refusal Conflict(long current) => new("VERSION_CONFLICT", "Somebody has changed this meanwhile; look at it again.", Status: 412,
        Detail: new Dictionary<string, object?> { ["version"] = current });

    /// <summary>Links two documents.</summary>
    public static void Relate(Db db, Guid from, Guid to, string relation) => db.Insert(Relations, [[from, to, relation]]);
}
