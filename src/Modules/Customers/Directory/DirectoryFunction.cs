using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Directory;

/// <summary>One record of each customer, found in seconds at a till.</summary>
internal sealed class DirectoryFunction(OrganisationBook organisation, PartyBook parties) : Function
{
    public const string FunctionCode = "customers.directory";

    /// <summary>Telephone numbers, mail addresses, names of contact persons; the kernel masks parties by it.</summary>
    public const string ViewPersonal = PartyPersonal.Permission;

    private const string Cashier = "cashier", Clerk = "sales", Desk = "service-desk", Technician = "technician", Credit = "credit-controller", Manager = "store-manager",
        Accountant = "accountant", Auditor = "auditor", Steward = "data-steward";

    public OrganisationBook Organisation => organisation;

    public PartyBook Parties => parties;

    public override string Module => CustomersModule.Code;

    public override string Slug => "directory";

    public override string Name => "Customers";

    public override string Summary => "One record of each customer, found in seconds, with consent and history.";

    public override IReadOnlyList<KindDeclaration> Kinds { get; } =
        [new(Customer.Kind, "Customer", Revisable: true), new(CustomerChange.Kind, "Change"), new(CustomerBlock.Kind, "Block"), new(Consent.Kind, "Consent")];

    public override IReadOnlyList<ActionDeclaration> Actions { get; } =
    [
        new("view", "See customers", [Cashier, Clerk, Desk, Technician, Credit, Manager, Accountant, Auditor, Steward]),
        new("create", "Enter customers", [Cashier, Clerk, Desk, Manager, Steward]),
        new("update", "Change customers", [Clerk, Desk, Manager, Steward]),
        new("submit", "Hand in and cancel customers", [Cashier, Clerk, Desk, Manager, Steward]),
        new("approve", "Approve and reject customers and changes", [Manager, Steward]),
        new("post", "Make approved customers active", [Manager, Steward]),
        new("reverse", "Undo what can be undone", [Manager, Steward]),
        new("close", "Retire customers and take them up again", [Manager, Steward]),
        new("export", "Export lists and reports", [Manager, Accountant, Auditor, Steward]),
        new("consent", "Record consents", [Cashier, Clerk, Desk, Manager, Steward]),
        new("configure", "Set up customer groups and attributes", [Manager, Steward]),
        new("block", "Block and unblock customers", [Manager, Credit], true),
        new("view-personal", "See telephone numbers, mail addresses and contact persons", [Cashier, Clerk, Desk, Technician, Credit, Manager, Steward, "loan-officer", "membership-clerk"], true),
        new("export-personal", "Export telephone numbers and mail addresses", [Manager, Steward], true),
        new("view-cost", "See margins by customer", [Manager, Accountant, Auditor], true),
    ];

    public override string ListSource => """
        left join customer c on c.document_id = d.id left join party cp on cp.id = coalesce(d.party_id, c.of_id, d.id) left join customer_group g on g.id = c.group_id
        """;

    public override IReadOnlyList<ColumnDeclaration> Columns { get; } =
    [
        new("party", "Customer", "text", "coalesce(cp.name, c.display_name)"),
        new("standing", "Standing", "text", "cp.state", Filterable: true, Options: ["active", "blocked", "merged", "erased"]),
        new("phone", "Phone", "text", "cp.phone", Permission: "view-personal") { ExportPermission = "export-personal" },
        new("email", "E-mail", "text", "cp.email", Permission: "view-personal") { ExportPermission = "export-personal" },
        new("group", "Group", "text", "g.name"),
        new("groupId", "Group id", "id", "c.group_id", Filterable: true, Shown: false),
        new("type", "Type", "text", "cp.kind", Filterable: true, Options: ["person", "organisation"], Shown: false),
        new("source", "Source", "text", "c.source", Filterable: true, Options: CustomerData.Sources, Shown: false),
        new("acquiredOn", "Customer since", "date", "c.acquired_on", Shown: false),
    ];

    public override IReadOnlyList<FigureDeclaration> Figures { get; } =
    [
        new(CustomerChange.Kind, CustomerChange.ControlledFigure, "Controlled fields", "integer", "(select case when x.controlled then 1 else 0 end from customer x where x.document_id = d.id)"),
    ];

    public override IReadOnlyList<ApprovalDefault> ApprovalDefaults { get; } = [new(CustomerChange.Kind, Verb.Submit, CustomerChange.ControlledFigure, 0, Manager)];

    public override bool AsksApproval(string kind, string action) => action == Verb.Submit && kind is Customer.Kind or CustomerChange.Kind;

    public override IReadOnlyList<MeasureDeclaration> Measures => DirectoryMeasures.All;

    public override IReadOnlyList<string> KpiMeasures { get; } = ["newCustomers", "changes", "consentsGranted", "consentsWithdrawn", "blocks", "exceptions"];

    public override IReadOnlyList<KpiFigure> KpiFigures => CustomerFigures.All;

    public override IReadOnlyList<NamedReport> Reports => DirectoryReports.All;

    public override IReadOnlyList<DimensionDeclaration> Dimensions { get; } = [new("source", "Source", "d1"), new("group", "Customer group", "d2"), new("purpose", "Purpose or reason", "d3"), new("consentChannel", "Consent channel", "d4")];

    public override IReadOnlyList<ExceptionDeclaration> Exceptions => DirectoryMeasures.Exceptions;

    public override IReadOnlyList<ReasonDefault> ReasonDefaults { get; } =
    [
        new(CustomerBlock.Block, "FRAUD", "Fraud"), new(CustomerBlock.Block, "ABUSE", "Abuse"), new(CustomerBlock.Block, "NON_PAYMENT", "Non-payment"), new(CustomerBlock.Block, "LEGAL", "Legal"),
        new(CustomerBlock.Unblock, "SETTLED", "Settled"), new(CustomerBlock.Unblock, "IN_ERROR", "Blocked in error"), new(CustomerBlock.Unblock, "AGREED", "Agreed with the customer"),
        new(Verb.Reject, "WRONG_DATA", "Wrong data"), new(Verb.Reject, "NOT_JUSTIFIED", "Not justified"), new(Verb.Reject, "DUPLICATE", "Known already"),
    ];

    public override IReadOnlyList<QuickAction> QuickActions { get; } =
    [
        new("new-customer", "New customer", "/customers/directory/new", "create"),
        new("find-customer", "Find customer", "/customers/directory/find", "view"),
        new("approve", "Approve next", "/approvals", "approve"),
        new("export", "Export report", "/customers/directory/reports", "export"),
    ];

    /// <summary>A customer of one branch is a customer of all.</summary>
    public override bool CompanyWide => true;

    /// <summary>What is looked for among customers: the beginning of a number, a card, a telephone number or a word of the name.</summary>
    public override Sql? FoundBy(string text) => PartyBook.FoundBy(text, "coalesce(d.party_id, d.id)");

    public override async Task<Document> Load(Tx tx, Header header, CancellationToken ct)
    {
        switch (header.Kind)
        {
            case CustomerBlock.Kind:
                var block = await tx.First($"select blocks, reason from customer_block where document_id = {header.Id}", row => (row.Bool(0), row.Text(1)), ct);
                return new CustomerBlock(header, block.Item1, block.Item2, this);
            case Consent.Kind:
                return new Consent(header, (await tx.First($"select purpose, channel, granted, at, source, evidence, expires_on from customer_consent where document_id = {header.Id}", row => Consent.Read(row), ct))!);
            default:
                var asked = CustomerTables.Ask(tx, header.Id);
                await tx.Flush(ct);
                return Of(header, asked()!);
        }
    }

    /// <summary>A customer or a change of one.</summary>
    public Document Of(Header header, CustomerRow row) => header.Kind == CustomerChange.Kind ? new CustomerChange(header, row, this) : new Customer(header, row, this);

    public override Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct) => CustomerDetail.Read(db, header, may, ct);
}
