using System.Text.Json;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Setup;

/// <summary>Makes the company of an empty database: everything in one transaction, or nothing; once.</summary>
/// <remarks>Chart of accounts, units, reasons, roles and approval rules are there since the schema was brought up to date; this adds what is the company's own.</remarks>
public sealed class FirstRun(
    Database database, CommandRunner runner, FirstUsers users, FunctionCatalogue functions, FunctionSwitches switches, OrganisationBook organisation, TimeProvider clock)
{
    /// <summary>Most users beside the administrator that one set-up makes.</summary>
    public const int MostUsers = 20;

    private const int MostRates = 5;

    /// <summary>Taxes hold from here on: sales of earlier years may be imported.</summary>
    private static readonly DateOnly Ever = new(2000, 1, 1);

    private static readonly Table TaxCodes = new("tax_code",
        ("id", Kind.Id), ("code", Kind.Text), ("name", Kind.Text), ("category", Kind.Text), ("exemption_reason", Kind.Text));

    private static readonly Table TaxComponents = new("tax_component",
        ("tax_code_id", Kind.Id), ("seq", Kind.Long), ("code", Kind.Text), ("name", Kind.Text), ("valid_from", Kind.Date), ("rate", Kind.Long));

    private volatile bool done;

    /// <summary>How many accounts the standard chart has.</summary>
    public static int ChartAccounts { get; } = AccountRoles.Chart.Select(row => row.Gl).Distinct(StringComparer.Ordinal).Count();

    /// <summary>Whether the database has neither a company nor a user. Once it has, it is not asked again.</summary>
    public async ValueTask<bool> Needed(CancellationToken ct = default)
    {
        if (done) return false;
        var needed = await database.Read(db => IsEmpty(db, ct), ct);
        if (!needed) done = true;
        return needed;
    }

    /// <summary>Does it.</summary>
    /// <param name="call">The call, as the system itself: nobody can be signed in yet.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>A <see cref="FirstRunDone"/>. Refused with <c>SETUP_DONE</c> when there is a company or a user, also when another call makes them at the same time.</returns>
    public async Task<Result<Answer>> Run(CommandCall call, FirstRunRequest request, CancellationToken ct = default)
    {
        if (Problem(request) is { } wrong) return wrong;
        var codes = CodesOf(request.Taxes);
        foreach (var code in codes)
            if (code.Check() is { Refusal: { } tax }) return tax with { At = "/taxes/rates" };
        // Hashing is slow on purpose, so it is done before the writer is taken; not for whoever comes too late.
        var people = await Needed(ct) ? await users.Prepare(request, ct) : Result.Of<IReadOnlyList<FirstUsers.Prepared>>([]);
        if (people.IsRefused) return people.Refusal;
        var made = await runner.Run<FirstRunDone>(call, "kernel.setup", "run", 201, async (tx, stamp) =>
        {
            await users.Begin(tx, ct);
            if (people.Value.Count == 0 || !await IsEmpty(tx, ct)) return FirstRunRefusals.Done;
            var branch = Stage(tx, request, stamp);
            StageTaxes(tx, codes);
            StageFunctions(tx, stamp, request.Functions);
            users.Stage(tx, stamp, people.Value);
            AuditTrail.Stage(tx, new AuditEvent(stamp, "kernel.setup", "run", "company", branch,
                After: JsonSerializer.Serialize(new { company = request.Company, branch = request.Branch, taxes = request.Taxes.Rates.Count, inclusive = request.Taxes.Inclusive, chart = request.Chart, functions = request.Functions })), clock);
            return new FirstRunDone(request.Company.Name, request.Branch.Code, request.Branch.TillCode, request.Administrator.UserName, [.. people.Value.Skip(1).Select(person => person.UserName)],
                [.. codes.Select(code => code.Code)]);
        }, ct);
        organisation.Cache.Drop();
        return made;
    }

    private static async Task<bool> IsEmpty(Db db, CancellationToken ct) =>
        await db.Number($"select (select count(*) from company) + (select count(*) from (select 1 from app_user where id <> {Actor.SystemId} limit 1) somebody)", ct) == 0;

    /// <summary>The first thing that is wrong with what was sent, or null.</summary>
    private Refusal? Problem(FirstRunRequest request)
    {
        var (company, branch, taxes) = (request.Company, request.Branch, request.Taxes);
        if (Check.Text(company.Name, "/company/name") is { } name) return name;
        if (!Currencies.TryOf(company.Currency, out _)) return MasterRefusals.CurrencyUnknown with { At = "/company/currency" };
        if (!Countries.Has(company.Country)) return FirstRunRefusals.CountryUnknown;
        if (Check.First(
            Check.Code(branch.Code, "/branch/code"), Check.Text(branch.Name, "/branch/name"),
            BranchMaster.IsTimeZone(branch.TimeZone) ? null : MasterRefusals.TimeZoneUnknown with { At = "/branch/timeZone" },
            Check.Text(branch.Warehouse, "/branch/warehouse"), Check.Code(branch.TillCode, "/branch/tillCode"), Check.Text(branch.Till, "/branch/till"),
            Check.OneOf(request.Chart, "/chart", "standard"), Check.Text(taxes.Name, "/taxes/name", 40),
            taxes.Rates.Count > MostRates ? FirstRunRefusals.TooMany("/taxes/rates", MostRates) : null,
            request.Users is { Count: > MostUsers } ? FirstRunRefusals.TooMany("/users", MostUsers) : null) is { } no) return no;
        for (var at = 0; at < taxes.Rates.Count; at++)
        {
            if (Check.Text(taxes.Rates[at].Name, $"/taxes/rates/{at}/name", 80) is { } label) return label;
            if (!taxes.Rates[at].Rate.IsPositive || taxes.Rates[at].Rate > Rate.One) return FirstRunRefusals.RateInvalid(at);
        }

        return FunctionProblem(request.Functions);
    }

    private Refusal? FunctionProblem(IReadOnlyList<string>? wanted)
    {
        if (wanted is null) return null;
        if (wanted.Count == 0) return FunctionRefusals.NoneNamed;
        for (var at = 0; at < wanted.Count; at++)
            if (functions.Find(wanted[at]) is null) return FunctionRefusals.Unknown(at);
        return switches.Missing(functions.All.Select(function => function.Code).Except(wanted, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Gathers company, branch, warehouse, till, base price list and a category to begin with.</summary>
    /// <returns>The branch.</returns>
    private Guid Stage(Tx tx, FirstRunRequest request, Stamp stamp)
    {
        var (company, wanted) = (request.Company, request.Branch);
        var (branch, warehouse) = (Ids.New(clock), Ids.New(clock));
        var basis = request.Taxes.Inclusive ? "gross" : "net";
        KernelSeed.Company(tx, new SeedOptions(company.Name, Currencies.Of(company.Currency)), clock);
        tx.Stage($"insert into branch (id, code, name, time_zone, region) values ({branch}, {wanted.Code}, {wanted.Name}, {wanted.TimeZone}, {company.Country})");
        tx.Stage($"insert into warehouse (id, branch_id, code, name) values ({warehouse}, {branch}, {wanted.Code}, {wanted.Warehouse ?? wanted.Name})");
        tx.Stage($"insert into terminal (id, branch_id, warehouse_id, code, name, basis) values ({Ids.New(clock)}, {branch}, {warehouse}, {wanted.TillCode}, {wanted.Till}, {basis})");
        tx.Stage($"insert into price_list (id, code, name, currency, basis, is_base) values ({Ids.New(clock)}, {"BASE"}, {"Base prices"}, {company.Currency}, {basis}, {true})");
        tx.Stage($"insert into category (id, code, name) values ({Ids.New(clock)}, {"GENERAL"}, {"General"})");
        return branch;
    }

    /// <summary>The usual code first, then the lower rates, then zero; without rates one code that says so.</summary>
    private static List<TaxCode> CodesOf(FirstRunTaxes taxes)
    {
        if (taxes.Rates.Count == 0) return [new TaxCode("NONE", "No tax", TaxCategory.O, [], "Not subject to tax")];
        string CodeAt(int at) => at switch { 0 => "STD", 1 => "RED", _ => $"RED{at}" };
        return
        [
            .. taxes.Rates.Select((rate, at) => new TaxCode(CodeAt(at), rate.Name, TaxCategory.S, [new TaxComponent("VAT", taxes.Name, false, [new DatedRate(Ever, rate.Rate)])])),
            new TaxCode("ZERO", "Zero rate", TaxCategory.Z, []),
        ];
    }

    private void StageTaxes(Tx tx, IReadOnlyList<TaxCode> codes)
    {
        var rows = codes.Select(code => (Id: Ids.New(clock), Code: code)).ToList();
        tx.Insert(TaxCodes, [.. rows.Select(row => new object?[] { row.Id, row.Code.Code, row.Code.Name, row.Code.Category.ToString(), row.Code.ExemptionReason })]);
        tx.Insert(TaxComponents, [.. rows.SelectMany(row => row.Code.Components.Select((part, at) =>
            new object?[] { row.Id, at + 1L, part.Code, part.Name, part.Rates[0].From, part.Rates[0].Rate.Millionths }))]);
    }

    private void StageFunctions(Tx tx, Stamp stamp, IReadOnlyList<string>? wanted)
    {
        if (wanted is not null) FunctionSwitches.StageOff(tx, stamp, [.. functions.All.Select(function => function.Code).Except(wanted, StringComparer.Ordinal)]);
    }
}
