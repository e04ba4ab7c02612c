using System.Text.Json;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Segments;

/// <summary>What a version of a segment says.</summary>
/// <param name="SegmentId">The segment, whatever its version.</param>
/// <param name="Code">Code of the segment.</param>
/// <param name="Number">Which version.</param>
/// <param name="Name">Name.</param>
/// <param name="Type">rule, rfm or predicted.</param>
/// <param name="Definition">The rule as it was entered.</param>
/// <param name="Refresh">daily, hourly or manual.</param>
/// <param name="Purpose">Purpose of consent.</param>
/// <param name="Colour">#rrggbb.</param>
internal sealed record SegmentData(Guid SegmentId, string Code, long Number, string Name, string Type, string Definition, string Refresh, string? Purpose, string Colour)
{
    public static readonly IReadOnlyList<string> Types = ["rule", "rfm", "predicted"];

    public static readonly IReadOnlyList<string> Refreshes = ["daily", "hourly", "manual"];

    /// <summary>The rule as JSON.</summary>
    public JsonElement Tree => JsonDocument.Parse(Definition).RootElement.Clone();
}

/// <summary>A version of a segment. Posting it brings it into force: the version before is closed, and who is in it is told anew.</summary>
/// <remarks>Invariants: at most one version of a segment is in force; nothing changes after it was handed in.</remarks>
internal sealed class Segment(Header header, SegmentData data, SegmentFunction function) : Document(header)
{
    public const string Kind = "segment";

    public SegmentData Data => data;

    public override bool PostsWhenApproved => true;

    public override string Snapshot => JsonSerializer.Serialize(new { Header.Status, data.Code, version = data.Number, data.Name, data.Type, definition = data.Tree, data.Refresh, data.Purpose, data.Colour }, JsonSerializerOptions.Web);

    public override async Task<Result> MaySubmit(Tx tx, Stamp stamp, CancellationToken ct)
    {
        var read = await function.Read(tx, data.Tree, action => stamp.May($"{function.Code}.{action}"), ct);
        if (read.IsRefused) return read.Refusal;
        return await SegmentTables.Cycle(tx, data.SegmentId, data.Tree, ct) is { } code ? SegmentRefusals.Cycle(code) : Result.Done;
    }

    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        var lockRow = Dialect.ForUpdate(tx.Engine);
        var before = await tx.First($"select current_id from segment where id = {data.SegmentId}{lockRow}", row => row.GuidOrNull(0), ct);
        if (await SegmentTables.Cycle(tx, data.SegmentId, data.Tree, ct) is { } code) return SegmentRefusals.Cycle(code);
        await Versions.Supersede(tx, function.Code, before, stamp, ct);
        tx.Stage($"update segment set current_id = {Header.Id}, due_at = {stamp.At} where id = {data.SegmentId}");
        Header.Number = Versions.NumberOf(data.Code, data.Number);
        Kernel.Reporting.Facts.Stage(tx, stamp, FactsOf(Status.Posted, 0));
        return Result.Done;
    }

    public override Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult<Result>(SegmentRefusals.NotReversed);

    /// <summary>Retired, it has no members any more and may be in no other segment's rule; brought back, it is told anew.</summary>
    public override async Task<Result> MayMove(string verb, Tx tx, Stamp stamp, CancellationToken ct)
    {
        if (verb is not (Verb.Close or Verb.Reopen)) return Result.Done;
        var lockRow = Dialect.ForUpdate(tx.Engine);
        var current = await tx.First($"select current_id from segment where id = {data.SegmentId}{lockRow}", row => row.GuidOrNull(0), ct);
        if (verb == Verb.Reopen)
        {
            if (current is not null) return SegmentRefusals.Superseded;
            if (await SegmentTables.Cycle(tx, data.SegmentId, data.Tree, ct) is { } through) return SegmentRefusals.Cycle(through);
            tx.Stage($"update segment set current_id = {Header.Id}, due_at = {stamp.At} where id = {data.SegmentId}");
            return Result.Done;
        }

        if (current != Header.Id) return Result.Done;
        if (await SegmentTables.UserOf(tx, data.Code, ct) is { } code) return SegmentRefusals.InUse(code);
        tx.Stage($"update segment_member set to_at = {stamp.At} where segment_id = {data.SegmentId} and to_at is null");
        tx.Stage($"update segment set current_id = null, due_at = null, members = 0 where id = {data.SegmentId}");
        return Result.Done;
    }
}

/// <summary>What versions of all definitions have in common.</summary>
internal static class Versions
{
    /// <summary>Closes the version that was in force.</summary>
    public static async Task Supersede(Tx tx, string function, Guid? before, Stamp stamp, CancellationToken ct)
    {
        if (before is not { } id) return;
        var locked = await Headers.Lock(tx, function, id, null, ct);
        Invariant.Holds(!locked.IsRefused, "The version in force is a document.");
        locked.Value.MoveTo(Status.Closed, stamp);
        Headers.Update(tx, locked.Value);
    }

    /// <summary>The number of a version, such as <c>BEST/3</c>.</summary>
    public static string NumberOf(string code, long version) => $"{code}/{version.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
}

/// <summary>Segments in the database.</summary>
internal static class SegmentTables
{
    private static readonly Table Rows = new("segment", ("id", Kernel.Storage.Kind.Id), ("code", Kernel.Storage.Kind.Text));

    private static readonly Table VersionRows = new("segment_version",
        ("document_id", Kernel.Storage.Kind.Id), ("segment_id", Kernel.Storage.Kind.Id), ("version", Kernel.Storage.Kind.Long), ("name", Kernel.Storage.Kind.Text), ("type", Kernel.Storage.Kind.Text),
        ("definition", Kernel.Storage.Kind.Text), ("refresh", Kernel.Storage.Kind.Text), ("purpose", Kernel.Storage.Kind.Text), ("colour", Kernel.Storage.Kind.Text));

    public static void Insert(Tx tx, Guid document, SegmentData data, bool fresh)
    {
        if (fresh) tx.Insert(Rows, [[data.SegmentId, data.Code]]);
        tx.Insert(VersionRows, [[document, data.SegmentId, data.Number, data.Name, data.Type, data.Definition, data.Refresh, data.Purpose, data.Colour]]);
    }

    public static void Delete(Tx tx, Guid document) => tx.Stage($"delete from segment_version where document_id = {document}");

    public static Deferred<List<SegmentData>> Of(Db db, Guid document) => db.Later($"""
        select s.id, s.code, v.version, v.name, v.type, v.definition, v.refresh, v.purpose, v.colour from segment_version v join segment s on s.id = v.segment_id where v.document_id = {document}
        """, Read);

    /// <summary>The version in force of a segment, named by any of its versions or by itself.</summary>
    public static Task<(SegmentData Data, Guid Document)?> InForce(Db db, Guid segment, CancellationToken ct) => db.First($"""
        select s.id, s.code, v.version, v.name, v.type, v.definition, v.refresh, v.purpose, v.colour, v.document_id from segment s join segment_version v on v.document_id = s.current_id where s.id = {segment}
        """, row => ((SegmentData, Guid)?)(Read(row), row.Guid(9)), ct);

    /// <summary>The segment of which a document is a version; null when it is none.</summary>
    public static Task<Guid?> SegmentOf(Db db, Guid document, CancellationToken ct) =>
        db.First($"select segment_id from segment_version where document_id = {document}", row => (Guid?)row.Guid(0), ct);

    /// <summary>Segments by code.</summary>
    public static Deferred<List<(string Code, Guid Id)>> Codes(Db db) => db.Later($"select code, id from segment", row => (row.Text(0), row.Guid(1)));

    /// <summary>The segment through which a rule comes back to its own segment; null when it does not.</summary>
    public static async Task<string?> Cycle(Tx tx, Guid own, JsonElement definition, CancellationToken ct)
    {
        var known = (await Rules(tx, ct)).ToDictionary(one => one.Code, StringComparer.Ordinal);
        var (seen, left) = (new HashSet<string>(StringComparer.Ordinal), new Stack<string>(Names(definition)));
        while (left.TryPop(out var code))
        {
            if (!seen.Add(code) || !known.TryGetValue(code, out var found)) continue;
            if (found.Id == own) return code;
            if (found.Definition is { } rule) foreach (var next in Names(rule)) left.Push(next);
        }

        return null;
    }

    /// <summary>A segment in force whose rule asks for another; null when there is none.</summary>
    public static async Task<string?> UserOf(Tx tx, string code, CancellationToken ct) =>
        (await Rules(tx, ct)).FirstOrDefault(one => one.Definition is { } rule && Names(rule).Contains(code)).Code;

    private static Task<List<(string Code, Guid Id, JsonElement? Definition)>> Rules(Tx tx, CancellationToken ct) => tx.Query(
        $"select s.code, s.id, v.definition from segment s left join segment_version v on v.document_id = s.current_id",
        row => (row.Text(0), row.Guid(1), row.TextOrNull(2) is { } text ? (JsonElement?)JsonDocument.Parse(text).RootElement.Clone() : null), ct);

    private static IEnumerable<string> Names(JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Array) return node.EnumerateArray().SelectMany(Names);
        if (node.ValueKind != JsonValueKind.Object) return [];
        return node.TryGetProperty("measure", out var measure) && measure.ValueEquals(MeasureCatalogue.InSegment.Key) && node.TryGetProperty("value", out var value)
            ? [value.GetString() ?? ""]
            : node.EnumerateObject().SelectMany(member => Names(member.Value));
    }

    private static SegmentData Read(Row row) =>
        new(row.Guid(0), row.Text(1), row.Long(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6), row.TextOrNull(7), row.Text(8));
}
