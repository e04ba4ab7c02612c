using System.Text.Json;
using Plug1.Kernel;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Segments;

/// <summary>Name groups of customers by rule, by scores or by expected value, and remember who was in when.</summary>
internal sealed class SegmentFunction(MeasureCatalogue measures, OrganisationBook organisation) : Function
{
    public const string FunctionCode = "customers.segments";

    private const string Clerk = "sales", Manager = "store-manager", Accountant = "accountant", Auditor = "auditor";

    public MeasureCatalogue Catalogue => measures;

    public override string Module => CustomersModule.Code;

    public override string Slug => "segments";

    public override string Name => "Segments";

    public override string Summary => "Name groups of customers by rule, by scores or by expected value, and remember who was in when.";

    public override IReadOnlyList<KindDeclaration> Kinds { get; } =
        [new(Segment.Kind, "Segment", Revisable: true), new(RfmModelDocument.Kind, "Model of scores"), new(ValueModelDocument.Kind, "Model of value"), new(RefreshDocument.Kind, "Refresh")];

    public override IReadOnlyList<ActionDeclaration> Actions { get; } =
    [
        new("view", "See segments, members and models", [Clerk, Manager, Accountant, Auditor]),
        new("create", "Enter and change segments and models", [Clerk, Manager]),
        new("submit", "Hand in and cancel", [Clerk, Manager]),
        new("approve", "Approve and reject", [Manager]),
        new("post", "Bring into force what was approved", [Manager]),
        new("reverse", "Ask to reverse, which definitions refuse", [Manager]),
        new("close", "Retire segments and models, and bring them back", [Manager]),
        new("export", "Export lists and reports", [Manager, Auditor]),
        new("refresh", "Tell anew who is in a segment", [Clerk, Manager]),
        new("fit", "Fit the model of value", [Manager]),
        new("view-cost", "Use margins in rules", [Manager, Accountant], true),
    ];

    public override string ListSource => "left join segment_version v on v.document_id = d.id left join segment s on s.id = v.segment_id left join segment_refresh r on r.document_id = d.id";

    public override IReadOnlyList<ColumnDeclaration> Columns { get; } =
    [
        new("name", "Name", "text", "v.name"),
        new("type", "Type", "text", "v.type", Options: SegmentData.Types),
        new("members", "Members", "integer", "case when s.current_id = d.id then s.members else r.members end"),
        new("entered", "Entered", "integer", "r.entered", Shown: false),
        new("left", "Left", "integer", "r.left_", Shown: false),
        new("refreshedAt", "Refreshed", "instant", "case when s.current_id = d.id then s.refreshed_at end"),
    ];

    public override IReadOnlyList<MeasureDeclaration> Measures { get; } =
    [
        new("entered", "Entered", "integer", Run("m1"), Better: "none", LineGrain: false),
        new("left", "Left", "integer", Run("m2"), Better: "none", LineGrain: false),
        new("averageSize", "Average size", "number", Run("m3"), Run("count"), Better: "none", LineGrain: false),
        new("refreshes", "Refreshes", "integer", Run("count"), Better: "none", LineGrain: false),
        new("exceptions", "Exceptions", "integer", "case when event = 'exception' then count else 0 end", Better: "down", LineGrain: false),
    ];

    public override IReadOnlyList<DimensionDeclaration> Dimensions { get; } = [new("segment", "Segment", "d1")];

    public override IReadOnlyList<NamedReport> Reports => SegmentReports.All;

    public override IReadOnlyList<ExceptionDeclaration> Exceptions { get; } = SegmentRules.All;

    public override IReadOnlyList<ReasonDefault> ReasonDefaults { get; } =
    [
        new(Verb.Submit, "NEW_CAMPAIGN", "New campaign"), new(Verb.Submit, "CORRECTION", "Correction"), new(Verb.Close, "RETIRED", "Retired"),
        new(Verb.Reject, "TOO_WIDE", "Too wide"), new(Verb.Reject, "TOO_NARROW", "Too narrow"), new(Verb.Reverse, "CORRECTION", "Correction"),
    ];

    public override IReadOnlyList<QuickAction> QuickActions { get; } =
    [
        new("new-segment", "New segment", "/customers/segments/new", "create"),
        new("rfm-grid", "Grid of scores", "/customers/segments/reports/rfm-grid", "view"),
        new("approve", "Approve next", "/approvals", "approve"),
    ];

    public override async Task<Document> Load(Tx tx, Header header, CancellationToken ct)
    {
        switch (header.Kind)
        {
            case RfmModelDocument.Kind: return await RfmModelDocument.Load(tx, header, ct);
            case ValueModelDocument.Kind: return await ValueModelDocument.Load(tx, header, ct);
            case RefreshDocument.Kind: return new RefreshDocument(header);
            default:
                var data = SegmentTables.Of(tx, header.Id);
                await tx.Flush(ct);
                return new Segment(header, data.Value[0], this);
        }
    }

    public override Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct) => SegmentDetail.Read(db, header, ct);

    /// <summary>Reads a rule with the measures and segments that are there.</summary>
    public async Task<Result<Rule>> Read(Db db, JsonElement definition, Func<string, bool> may, CancellationToken ct)
    {
        var codes = SegmentTables.Codes(db);
        await db.Flush(ct);
        var segments = codes.Value.ToDictionary(one => one.Code, one => one.Id, StringComparer.Ordinal);
        return new RuleReader(measures, (await organisation.Get(ct)).Company.Currency, segments, may).Read(definition);
    }

    private static string Run(string column) => $"case when kind = 'refresh' and event = 'posted' then {column} else 0 end";
}
