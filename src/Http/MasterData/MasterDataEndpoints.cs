using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Plug1.Http.Security;
using Plug1.Kernel.Approvals;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Payments;
using Plug1.Kernel.Rules;
using Plug1.Kernel.Storage;

namespace Plug1.Http.MasterData;

/// <summary>The addresses of master data.</summary>
public static class MasterDataEndpoints
{
    /// <summary>Adds the books and rules of master data. The host adds database, clock, organisation, command runner, functions,
    /// approval desk and the cache of account rules, and may add a list of all account roles and the laws of its modules.</summary>
    public static IServiceCollection AddMasterData(this IServiceCollection services)
    {
        services.TryAddSingleton<CatalogueBook>();
        services.TryAddSingleton<PartyBook>();
        services.TryAddSingleton<MasterDesk>();
        services.TryAddSingleton<CompanyMaster>();
        services.TryAddSingleton<BranchMaster>();
        services.TryAddSingleton<WarehouseMaster>();
        services.TryAddSingleton<TerminalMaster>();
        services.TryAddSingleton<ItemMaster>();
        services.TryAddSingleton<CategoryMaster>();
        services.TryAddSingleton<UnitMaster>();
        services.TryAddSingleton<TaxCodeMaster>();
        services.TryAddSingleton<PriceListMaster>();
        services.TryAddSingleton<PriceMaster>();
        services.TryAddSingleton<PartyMaster>();
        services.TryAddSingleton<PaymentMethodMaster>();
        services.TryAddSingleton<ReasonMaster>();
        services.TryAddSingleton<GlAccountMaster>();
        services.TryAddSingleton(provider => new ApprovalRuleMaster(provider.GetRequiredService<FunctionCatalogue>(), provider.GetRequiredService<ApprovalDesk>().Rules));
        services.TryAddSingleton<ExceptionRuleMaster>();
        services.TryAddSingleton(new LedgerLaws(LedgerCheck.Laws));
        services.TryAddSingleton<PeriodChecks>();
        services.TryAddSingleton<PeriodDesk>();
        services.TryAddSingleton(provider => new AccountRuleMaster(
            provider.GetRequiredService<StampedCache<AccountRules>>(), provider.GetService<IReadOnlyList<AccountRole>>()
                ?? [.. AccountRoles.Chart.Concat(provider.GetRequiredService<FunctionCatalogue>().All.SelectMany(function => function.Accounts)).Select(row => row.Role).Distinct()]));
        return services;
    }

    /// <summary>Maps them into the group <c>/api/v1</c>.</summary>
    public static void MapMasterData(this RouteGroupBuilder api)
    {
        MapOrganisation(api);
        MapCatalogue(api);
        api.MapMaster<PartyMaster, PartyView, PartyWrite>("/parties", "party", "Parties", "kernel.parties", "create", "update", "role");
        MapPayments(api);
        MapRules(api);
        MapLedger(api);
    }

    private static void MapOrganisation(RouteGroupBuilder api)
    {
        const string tag = "Organisation";
        const string function = "kernel.organisation";
        var company = api.MapGroup("/organisation/company").WithTags(tag).WithMetadata(new WithoutBranchAttribute());
        company.MapGet("/", async (RequestActor who, CompanyMaster master, MasterDesk desk, CancellationToken ct) => (await desk.Get(master, who.Call(), "company", ct)).ToHttp())
            .WithName("get-company").WithSummary("The company.").WithMetadata(new AsksFor($"{function}.view")).Produces<CompanyView>().Refuses(401, 403, 404);
        company.MapPatch("/", (HttpContext http, RequestActor who, CompanyMaster master, MasterDesk desk) => MasterRoutes.Patch(master, desk, "company", http, who))
            .WithName("change-company").WithSummary("Changes the company; its currency stays once something is booked.").WithMetadata(new AsksFor($"{function}.configure"))
            .Accepts<CompanyWrite>("application/json", "application/merge-patch+json").Produces<CompanyView>().Refuses(400, 401, 403, 404, 409, 412, 422, 428);
        api.MapMaster<BranchMaster, BranchView, BranchWrite>("/organisation/branches", "branch", tag, function, "configure", "configure");
        api.MapMaster<WarehouseMaster, WarehouseView, WarehouseWrite>("/organisation/warehouses", "warehouse", tag, function, "configure", "configure", "branch");
        api.MapMaster<TerminalMaster, TerminalView, TerminalWrite>("/organisation/terminals", "terminal", tag, function, "configure", "configure", "branch");
    }

    private static void MapCatalogue(RouteGroupBuilder api)
    {
        const string tag = "Catalogue";
        const string function = "kernel.catalogue";
        var items = api.MapMaster<ItemMaster, ItemView, ItemWrite>("/catalogue/items", "item", tag, function, "create", "update", "category");
        items.MapGet("/{id}/stock", async (string id, RequestActor who, MasterDesk desk, CancellationToken ct) =>
                (await desk.Read(who.Call(), function, db => ItemStockQuery.Read(db, id, who.May($"{function}.view-cost"), ct), ct)).ToHttp())
            .WithName("item-stock").WithSummary("What is on hand of an item by warehouse and lot, with its value for those who may see it.")
            .WithMetadata(new AsksFor($"{function}.view")).Produces<ItemStock>().Refuses(401, 403, 404);
        api.MapMaster<CategoryMaster, Category, CategoryWrite>("/catalogue/categories", "category", tag, function, "create", "update");
        api.MapMaster<UnitMaster, UnitOfMeasure, UnitWrite>("/catalogue/units", "unit-of-measure", tag, function, "create", "update");
        api.MapMaster<TaxCodeMaster, TaxCodeView, TaxCodeWrite>("/catalogue/tax-codes", "tax-code", tag, function, "create", "update");
        api.MapMaster<PriceListMaster, PriceListView, PriceListWrite>("/catalogue/price-lists", "price-list", tag, function, "create", "update");
        api.MapMaster<PriceMaster, PriceView, PriceWrite>("/catalogue/prices", "price", tag, function, "create", "update", "item", "list");
    }

    private static void MapPayments(RouteGroupBuilder api)
    {
        const string tag = "Payments";
        const string function = "kernel.payments";
        api.MapMaster<PaymentMethodMaster, PaymentMethodView, PaymentMethodWrite>("/payments/methods", "payment-method", tag, function, "configure", "configure");
        var denominations = api.MapGroup("/payments/denominations").WithTags(tag).WithMetadata(new WithoutBranchAttribute());
        denominations.MapGet("/", async (RequestActor who, MasterDesk desk, CancellationToken ct) =>
                (await desk.Read(who.Call(), function, db => PaymentMethodMaster.Denominations(db, ct), ct)).ToHttp())
            .WithName("list-denominations").WithSummary("Notes and coins by currency.").WithMetadata(new AsksFor($"{function}.view"))
            .Produces<MasterPage<DenominationsView>>().Refuses(401, 403);
        denominations.MapPut("/{currency}", async (string currency, HttpContext http, RequestActor who, PaymentMethodMaster master, MasterDesk desk) =>
            {
                var bytes = await CommandEndpoints.Read(http);
                var write = JsonSerializer.Deserialize<DenominationsWrite>(bytes, Plug1Json.Options) ?? throw new JsonException("The body is null.");
                return CommandEndpoints.ToHttp(await desk.Run(CommandEndpoints.CallOf(http, who, bytes), function, "configure",
                    (tx, stamp) => master.SetDenominations(tx, desk, currency, write, stamp, http.RequestAborted), http.RequestAborted));
            })
            .WithName("set-denominations").WithSummary("Sets all notes and coins of a currency.").WithMetadata(new AsksFor($"{function}.configure"))
            .Accepts<DenominationsWrite>("application/json").Produces<DenominationsView>().Refuses(400, 401, 403, 422);
    }

    private static void MapRules(RouteGroupBuilder api)
    {
        const string tag = "Rules";
        const string function = "kernel.rules";
        api.MapMaster<ReasonMaster, ReasonView, ReasonWrite>("/reasons", "reason", tag, function, "configure", "configure", "function", "action");
        api.MapMaster<ApprovalRuleMaster, ApprovalRuleView, ApprovalRuleWrite>("/approval-rules", "approval-rule", tag, function, "configure", "configure", "function");
        api.MapMaster<ExceptionRuleMaster, ExceptionRuleView, ExceptionRuleWrite>("/exception-rules", "exception-rule", tag, function, "configure", "configure", "rule", "function", "branch");
        api.MapGet("/number-series", async (RequestActor who, MasterDesk desk, CancellationToken ct) =>
                (await desk.Read(who.Call(), function, db => ApprovalRuleMaster.Series(db, ct), ct)).ToHttp())
            .WithTags(tag).WithMetadata(new WithoutBranchAttribute(), new AsksFor($"{function}.view")).WithName("list-number-series")
            .WithSummary("The number series with the last number drawn.").Produces<MasterPage<NumberSeriesView>>().Refuses(401, 403);
    }

    private static void MapLedger(RouteGroupBuilder api)
    {
        const string tag = "Ledger settings";
        const string function = PeriodDesk.Function;
        api.MapMaster<GlAccountMaster, GlAccountView, GlAccountWrite>("/ledger/chart", "gl-account", tag, function, "configure", "configure", "kind");
        api.MapMaster<AccountRuleMaster, AccountRuleView, AccountRuleWrite>("/ledger/account-rules", "account-rule", tag, function, "configure", "configure", "role");
        var periods = api.MapGroup("/ledger/periods").WithTags(tag).WithMetadata(new WithoutBranchAttribute());
        periods.MapGet("/", async (RequestActor who, MasterDesk desk, CommandRunner runner, CancellationToken ct) =>
            {
                var stamp = await runner.StampOf(who.Call(), ct);
                return (await desk.Read(who.Call(), function, db => PeriodDesk.List(db, stamp.BusinessDate, ct), ct)).ToHttp();
            })
            .WithName("list-periods").WithSummary("The months of the books, the latest first.").WithMetadata(new AsksFor($"{function}.view"))
            .Produces<MasterPage<PeriodView>>().Refuses(401, 403);
        periods.MapGet("/{month}/checks", async (string month, string? step, RequestActor who, PeriodDesk desk, CommandRunner runner, CancellationToken ct) =>
                (await desk.Checks(who.Call(), month, step, (await runner.StampOf(who.Call(), ct)).BusinessDate, ct)).ToHttp())
            .WithName("period-checks").WithSummary("What must be seen before a month is closed, with what blocks it; step is close or soft-close.").WithMetadata(new AsksFor($"{function}.view"))
            .Produces<PeriodChecksView>().Refuses(400, 401, 403, 404, 422);
        var month = periods.MapGroup("/{month}");
        MapClose(month, PeriodStep.SoftClose, "Closes a month for all but those who may still post there.");
        MapClose(month, PeriodStep.Close, "Closes a month for everybody; refused while a check blocks it.");
        month.MapOptional<ReopenRequest, PeriodView>(PeriodStep.Reopen, 200, (call, body, http) =>
                http.RequestServices.GetRequiredService<PeriodDesk>().Move(call, MonthOf(http), PeriodStep.Reopen, body?.Reason, http.RequestAborted))
            .WithName("reopen-period").WithSummary("Opens a month again, for a reason in words that the audit trail keeps.").WithMetadata(new AsksFor($"{function}.configure"));
    }

    private static void MapClose(RouteGroupBuilder group, string step, string summary) =>
        group.MapPost(step, async (string month, HttpContext http, RequestActor who, PeriodDesk desk) =>
                CommandEndpoints.ToHttp(await desk.Move(CommandEndpoints.CallOf(http, who, await CommandEndpoints.Read(http)), month, step, ct: http.RequestAborted)))
            .WithName($"{step}-period").WithSummary(summary).WithMetadata(new AsksFor($"{PeriodDesk.Function}.configure")).Produces<PeriodView>().Refuses(401, 403, 404, 409);

    private static string MonthOf(HttpContext http) => (string)http.Request.RouteValues["month"]!;
}
