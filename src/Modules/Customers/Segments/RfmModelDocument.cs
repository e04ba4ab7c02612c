using System.Text.Json;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Segments;

/// <summary>A version of how customers are scored. Posting it brings it into force; the next run scores by it.</summary>
internal sealed class RfmModelDocument(Header header, long number, RfmModel model) : Document(header)
{
    public const string Kind = "rfm-model";

    private static readonly Table Rows = new("rfm_model", ("document_id", Kernel.Storage.Kind.Id), ("version", Kernel.Storage.Kind.Long), ("model", Kernel.Storage.Kind.Text));

    public long Number => number;

    public RfmModel Model => model;

    public override bool PostsWhenApproved => true;

    public override string Snapshot => JsonSerializer.Serialize(new { Header.Status, version = number, model }, JsonSerializerOptions.Web);

    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        var before = await tx.First($"select document_id from rfm_model where active", row => (Guid?)row.Guid(0), ct);
        await Versions.Supersede(tx, Header.Function, before, stamp, ct);
        tx.Stage($"update rfm_model set active = {false} where active");
        tx.Stage($"update rfm_model set active = {true} where document_id = {Header.Id}");
        Header.Number = Versions.NumberOf("RFM", number);
        Kernel.Reporting.Facts.Stage(tx, stamp, FactsOf(Status.Posted, 0));
        return Result.Done;
    }

    public override Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult<Result>(SegmentRefusals.NotReversed);

    /// <summary>Without a version in force, the scores are those of the seed.</summary>
    public override async Task<Result> MayMove(string verb, Tx tx, Stamp stamp, CancellationToken ct)
    {
        if (verb == Verb.Reopen && await tx.Number($"select count(*) from rfm_model where active", ct) > 0) return SegmentRefusals.Superseded;
        if (verb is Verb.Close or Verb.Reopen) tx.Stage($"update rfm_model set active = {verb == Verb.Reopen} where document_id = {Header.Id}");
        return Result.Done;
    }

    public static void Insert(Tx tx, Guid document, long number, RfmModel model) => tx.Insert(Rows, [[document, number, JsonSerializer.Serialize(model, JsonSerializerOptions.Web)]]);

    /// <summary>The model in force; that of the seed when none is.</summary>
    public static async Task<RfmModel> InForce(Db db, CancellationToken ct) =>
        await db.First($"select model from rfm_model where active", row => Of(row.Text(0)), ct) ?? new RfmModel();

    public static async Task<RfmModelDocument> Load(Db db, Header header, CancellationToken ct)
    {
        var (number, model) = await db.First($"select version, model from rfm_model where document_id = {header.Id}", row => (row.Long(0), Of(row.Text(1))), ct);
        return new RfmModelDocument(header, number, model);
    }

    private static RfmModel Of(string text) => JsonSerializer.Deserialize<RfmModel>(text, JsonSerializerOptions.Web)!;
}

/// <summary>A run that told anew who is in a segment: posted by the system, never changed.</summary>
internal sealed class RefreshDocument(Header header) : Document(header)
{
    public const string Kind = "refresh";

    public override Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult<Result>(SegmentRefusals.NotReversed);

    public override Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult<Result>(SegmentRefusals.NotReversed);
}
