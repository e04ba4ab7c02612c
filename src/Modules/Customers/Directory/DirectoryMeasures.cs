using Plug1.Kernel.Functions;

namespace Plug1.Customers.Directory;

/// <summary>What is counted of the directory, and what is told when it happens.</summary>
internal static class DirectoryMeasures
{
    public const string BulkView = "DIRECTORY_BULK_VIEW", BlockedAttempt = "DIRECTORY_BLOCKED_ATTEMPT";

    public static IReadOnlyList<MeasureDeclaration> All { get; } =
    [
        new("newCustomers", "New customers", "integer", "case when kind = 'customer' and event in ('posted', 'reversed') then count else 0 end", LineGrain: false),
        new("changes", "Changes", "integer", Posted("change", "count"), Better: "none", LineGrain: false),
        new("controlledChanges", "Controlled changes", "integer", Posted("change", "m1"), Better: "none", LineGrain: false),
        new("consentsGranted", "Consents given", "integer", Posted("consent", "m4"), LineGrain: false),
        new("consentsWithdrawn", "Consents withdrawn", "integer", Posted("consent", "m5"), Better: "down", LineGrain: false),
        new("blocks", "Blocks", "integer", Posted("block", "m2"), Better: "down", LineGrain: false),
        new("unblocks", "Unblocks", "integer", Posted("block", "m3"), Better: "none", LineGrain: false),
        new("retired", "Retired", "integer", "case when kind = 'customer' and event = 'closed' then count when kind = 'customer' and event = 'reopened' then -count else 0 end", Better: "down", LineGrain: false),
        new("exceptions", "Exceptions", "integer", "case when event = 'exception' then count else 0 end", Better: "down", LineGrain: false),
    ];

    public static IReadOnlyList<ExceptionDeclaration> Exceptions { get; } =
    [
        new(BulkView, "One person opened the personal data of very many customers on one day", "high")
        {
            Fold = FoldBy.BranchAndUser, OwnerRole = "store-manager", Parameters = [new("above", "Parties a day above", "integer", 200, 1, 100_000)],
        },
        new(BlockedAttempt, "Somebody tried to deal with a blocked customer", "low") { OwnerRole = "store-manager" },
    ];

    private static string Posted(string kind, string column) => $"case when kind = '{kind}' and event = 'posted' then {column} else 0 end";
}
