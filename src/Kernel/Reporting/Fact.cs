using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>One thing that happened to a document or to one of its lines, counted for reports and analytics.</summary>
/// <remarks>Money in minor units of the company currency, quantities in millionths. M1..M6 and D1..D4 are what the function's description names.</remarks>
public sealed record Fact
{
    /// <summary>Document.</summary>
    public required Header Document { get; init; }

    /// <summary>created, submitted, approved, rejected, posted, reversed, closed, cancelled, exception.</summary>
    public required string Event { get; init; }

    /// <summary>True for a line, which carries item and category; false for the document as a whole.</summary>
    public bool OfLine { get; init; }

    /// <summary>Category of the line's item.</summary>
    public Guid? CategoryId { get; init; }

    /// <summary>Item of the line.</summary>
    public Guid? ItemId { get; init; }

    /// <summary>Project, contract or loan.</summary>
    public Guid? EngagementId { get; init; }

    /// <summary>How many: 1, or -1 for what is undone.</summary>
    public long Count { get; init; } = 1;

    /// <summary>The function's main amount.</summary>
    public long Amount { get; init; }

    /// <summary>Quantity in millionths.</summary>
    public long Quantity { get; init; }

    /// <summary>Cost in minor units.</summary>
    public long Cost { get; init; }

    /// <summary>Minutes since the step before.</summary>
    public long Minutes { get; init; }

    /// <summary>Further measures.</summary>
    public long M1 { get; init; }

    /// <inheritdoc cref="M1"/>
    public long M2 { get; init; }

    /// <inheritdoc cref="M1"/>
    public long M3 { get; init; }

    /// <inheritdoc cref="M1"/>
    public long M4 { get; init; }

    /// <inheritdoc cref="M1"/>
    public long M5 { get; init; }

    /// <inheritdoc cref="M1"/>
    public long M6 { get; init; }

    /// <summary>Further dimensions.</summary>
    public string? D1 { get; init; }

    /// <inheritdoc cref="D1"/>
    public string? D2 { get; init; }

    /// <inheritdoc cref="D1"/>
    public string? D3 { get; init; }

    /// <inheritdoc cref="D1"/>
    public string? D4 { get; init; }
}

/// <summary>Facts in the database.</summary>
public static class Facts
{
    private static readonly Table Table = new("fact",
        ("function", Kind.Text), ("kind", Kind.Text), ("event", Kind.Text), ("grain", Kind.Long), ("business_date", Kind.Date), ("hour", Kind.Long), ("branch_id", Kind.Id),
        ("user_id", Kind.Id), ("session_id", Kind.Id), ("channel", Kind.Text), ("category_id", Kind.Id), ("item_id", Kind.Id), ("party_id", Kind.Id), ("engagement_id", Kind.Id),
        ("document_id", Kind.Id), ("count", Kind.Long), ("amount", Kind.Long), ("quantity", Kind.Long), ("cost", Kind.Long), ("minutes", Kind.Long),
        ("m1", Kind.Long), ("m2", Kind.Long), ("m3", Kind.Long), ("m4", Kind.Long), ("m5", Kind.Long), ("m6", Kind.Long),
        ("d1", Kind.Text), ("d2", Kind.Text), ("d3", Kind.Text), ("d4", Kind.Text));

    /// <summary>Gathers facts for the next flush. They are dated on the step's business day, not the document's, when they differ.</summary>
    public static void Stage(Db db, Stamp stamp, params IReadOnlyList<Fact> facts) => db.Insert(Table, [.. facts.Select(fact => Row(stamp, fact))]);

    /// <summary>Gathers facts of several moments as one set.</summary>
    public static void StageAll(Db db, IEnumerable<(Stamp Stamp, Fact Fact)> facts) => db.Insert(Table, [.. facts.Select(one => Row(one.Stamp, one.Fact))]);

    private static object?[] Row(Stamp stamp, Fact f) =>
    [
        f.Document.Function, f.Document.Kind, f.Event, f.OfLine ? 1L : 0L, f.Event == Status.Posted ? f.Document.BusinessDate : stamp.BusinessDate, (long)stamp.Hour, f.Document.BranchId,
        stamp.Actor.UserId, f.Document.SessionId, f.Document.Channel, f.CategoryId, f.ItemId, f.Document.PartyId, f.EngagementId,
        f.Document.Id, f.Count, f.Amount, f.Quantity, f.Cost, f.Minutes, f.M1, f.M2, f.M3, f.M4, f.M5, f.M6, f.D1, f.D2, f.D3, f.D4,
    ];

    /// <summary>The facts of a document's reversal: each posted fact with its signs turned, dated on the day of the reversal.</summary>
    public static void StageMirror(Tx tx, Guid documentId, Guid mirrorDocumentId, Stamp stamp) => tx.Stage($"""
        insert into fact (function, kind, event, grain, business_date, hour, branch_id, user_id, session_id, channel, category_id, item_id, party_id, engagement_id,
          document_id, count, amount, quantity, cost, minutes, m1, m2, m3, m4, m5, m6, d1, d2, d3, d4)
        select function, kind, 'reversed', grain, {stamp.BusinessDate}, {stamp.Hour}, branch_id, {stamp.Actor.UserId}, session_id, channel, category_id, item_id, party_id, engagement_id,
          {mirrorDocumentId}, -count, -amount, -quantity, -cost, 0, -m1, -m2, -m3, -m4, -m5, -m6, d1, d2, d3, d4
        from fact where document_id = {documentId} and event = 'posted'
        """);
}
