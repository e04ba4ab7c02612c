using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Loyalty;

/// <summary>Earn, hold, spend and expire points, and book what is owed for them.</summary>
internal sealed class LoyaltyFunction(LedgerBook ledger, OrganisationBook organisation, Kernel.Catalog.CatalogueBook catalogue, TimeProvider clock) : Function
{
    public const string FunctionCode = "customers.loyalty";

    public const string ProgrammeKind = "programme", EnrolmentKind = "enrolment", AdjustmentKind = "adjustment", TransferKind = "transfer", RunKind = "run";

    private const string Cashier = "cashier", Clerk = "sales", Manager = "store-manager", Accountant = "accountant", Auditor = "auditor";

    public TimeProvider Clock => clock;

    public LedgerBook Ledger => ledger;

    public override string Module => CustomersModule.Code;

    public override string Slug => "loyalty";

    public override string Name => "Loyalty";

    public override string Summary => "Earn, hold, spend and expire points, tier customers, and book what is owed for them.";

    public override IReadOnlyList<KindDeclaration> Kinds { get; } =
        [new(ProgrammeKind, "Programme"), new(EnrolmentKind, "Enrolment"), new(AdjustmentKind, "Adjustment"), new(TransferKind, "Transfer"), new(RunKind, "Run")];

    public override IReadOnlyList<ActionDeclaration> Actions { get; } =
    [
        new("view", "See programmes and members", [Cashier, Clerk, Manager, Accountant, Auditor]),
        new("create", "Enrol members", [Cashier, Clerk, Manager]),
        new("submit", "Hand in and cancel", [Clerk, Manager, Accountant]),
        new("approve", "Approve and reject what waits", [Manager, Accountant]),
        new("post", "Post what was approved", [Manager, Accountant]),
        new("reverse", "Reverse enrolments, adjustments and runs", [Manager, Accountant]),
        new("close", "Close and reopen documents", [Manager, Accountant]),
        new("export", "Export lists and reports", [Manager, Accountant, Auditor]),
        new("configure", "Enter programmes and their versions", [Manager, Accountant], true),
        new("adjust", "Give and take points by hand, hand them to others", [Manager, Accountant], true),
        new("run", "Run expiry, release, tiers and revenue", [Accountant], true),
    ];

    public override string ListSource => "left join loyalty_programme lp on lp.document_id = d.id left join loyalty_adjustment la on la.document_id = coalesce(d.reversal_of, d.id) left join loyalty_run lr on lr.document_id = coalesce(d.reversal_of, d.id)";

    public override IReadOnlyList<ColumnDeclaration> Columns { get; } =
    [
        new("programme", "Programme", "text", "lp.name", Shown: false),
        new("points", "Points", "quantity", "case when d.reversal_of is null then la.points else -la.points end"),
        new("run", "Run", "text", "lr.run_kind", Shown: false),
    ];

    public override IReadOnlyList<MeasureDeclaration> Measures { get; } =
    [
        new("pointsIssued", "Points issued", "quantity", Booked("quantity"), LineGrain: false),
        new("pointsRedeemed", "Points redeemed", "quantity", Booked("m1"), LineGrain: false),
        new("redemptionRate", "Redemption rate", "rate", Booked("m1"), Booked("quantity"), LineGrain: false),
        new("pointsExpired", "Points expired", "quantity", Booked("m2"), Better: "down", LineGrain: false),
        new("paidInPoints", "Paid in points", "money", Booked("amount"), Better: "none", LineGrain: false),
        new("deferred", "Revenue deferred", "money", Booked("m3"), Better: "none", LineGrain: false),
        new("recognised", "Revenue recognised", "money", Booked("m4"), Better: "none", LineGrain: false),
        new("memberSales", "Sales with a member", "integer", "case when kind = 'sale' and event in ('posted', 'reversed') then count else 0 end", LineGrain: false),
        new("enrolments", "New members", "integer", "case when kind = 'enrolment' and event in ('posted', 'reversed') then count else 0 end", LineGrain: false),
        new("exceptions", "Exceptions", "integer", "case when event = 'exception' then count else 0 end", Better: "down", LineGrain: false),
    ];

    public override IReadOnlyList<string> KpiMeasures { get; } = ["pointsIssued", "pointsRedeemed", "redemptionRate", "memberSales", "enrolments", "deferred"];

    public override IReadOnlyList<DimensionDeclaration> Dimensions { get; } = [new("programme", "Programme", "d1")];

    public override IReadOnlyList<(AccountRole Role, string Gl, string Name, string Group)> Accounts => LoyaltyAccounts.Chart;

    public override IReadOnlyList<NamedReport> Reports => LoyaltyReports.All;

    public override IReadOnlyList<ApprovalDefault> ApprovalDefaults { get; } =
    [
        new(ProgrammeKind, Verb.Submit, "worth-changed", 0, Manager), new(ProgrammeKind, Verb.Submit, "worth-changed", 0, Accountant, 2),
        new(AdjustmentKind, Verb.Submit, "points", 500, Manager), new(AdjustmentKind, Verb.Submit, "points", 10_000, Accountant, 2),
        new(TransferKind, Verb.Submit, "", 0, Manager), new(RunKind, Verb.Reverse, "", 0, Accountant),
    ];

    public override IReadOnlyList<FigureDeclaration> Figures { get; } =
    [
        new("", "amount", "Amount", "money", "abs(d.total)"),
        new(AdjustmentKind, "points", "Points", "integer", "(select (abs(f.points) + 999999) / 1000000 from loyalty_adjustment f where f.document_id = d.id)"),
        new(ProgrammeKind, "worth-changed", "Deferral, value of points or breakage changed", "integer", "(select 1 from loyalty_programme f where f.document_id = d.id)"),
    ];

    public override IReadOnlyList<ReasonDefault> ReasonDefaults { get; } =
    [
        new("adjust", "GOODWILL", "Goodwill"), new("adjust", "CORRECTION", "Correction"), new("adjust", "MISSING_RECEIPT", "Missing receipt"), new("adjust", "FRAUD", "Fraud"), new("adjust", "PROMOTION", "Promotion"),
        new(Verb.Reverse, "WRONG_MEMBER", "Wrong member"), new(Verb.Reverse, "WRONG_POINTS", "Wrong points"), new(Verb.Reverse, "RUN_TOO_EARLY", "Run too early"),
        new(Verb.Reject, "NOT_JUSTIFIED", "Not justified"), new(Verb.Reject, "INCOMPLETE", "Incomplete"),
    ];

    public override IReadOnlyList<QuickAction> QuickActions { get; } =
    [
        new("approve", "Approve next", "/approvals", "approve"),
    ];

    public override async Task<Document> Load(Tx tx, Header header, CancellationToken ct)
    {
        var id = header.ReversalOf ?? header.Id;
        switch (header.Kind)
        {
            case ProgrammeKind:
                var programme = tx.Later($"select code, name, revision, terms, active from loyalty_programme where document_id = {id}", row => new ProgrammeData(row.Text(0), row.Text(1), row.Long(2), row.Text(3)));
                await tx.Flush(ct);
                return await Programme.Make(tx, header, programme.Value[0], catalogue, ct);
            case EnrolmentKind:
                return new Enrolment(header);
            case RunKind:
                var run = tx.Later($"select run_kind, run_on from loyalty_run where document_id = {id}", row => new RunData(row.Text(0), row.Date(1)));
                await tx.Flush(ct);
                return new LoyaltyRun(header, run.Value[0], this);
            default:
                var adjusted = tx.Later($"select member_id, to_member_id, points, reason, expires_on from loyalty_adjustment where document_id = {id}",
                    row => new AdjustmentData(row.Guid(0), row.GuidOrNull(1), new Quantity(row.Long(2)), row.Text(3), row.DateOrNull(4)));
                await tx.Flush(ct);
                return new Adjustment(header, adjusted.Value[0], this);
        }
    }

    public override Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct) => LoyaltyDetail.Read(db, header, ct);

    public async ValueTask<Currency> Currency(CancellationToken ct) => (await organisation.Get(ct)).Company.Currency;

    private static string Booked(string column) => $"case when event in ('posted', 'reversed') then {column} else 0 end";
}
