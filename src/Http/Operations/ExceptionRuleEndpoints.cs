using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http.Functions;
using Plug1.Http.MasterData;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Rules;

namespace Plug1.Http.Operations;

/// <summary>The rules that functions declare, as they hold, and what one would have caught; what is changed of them is master data beside.</summary>
internal static class ExceptionRuleEndpoints
{
    private const string See = "kernel.rules.view";

    /// <summary>The most days of a dry run.</summary>
    private const int LongestDays = 366;
    private static readonly int[] No = [400, 401, 403, 404, 422];

    /// <summary>The refusal of a rule whose figures are not kept.</summary>
    private static readonly Refusal CannotTry = new("EXCEPTION_RULE_NOT_TRIABLE", "What this rule compares is not kept, so it cannot be tried on history.", Status: 422);

    public static void MapExceptionRules(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/exceptions/rules").WithTags("Exceptions");
        group.MapGet("", (RequestActor who, Reading reading, ExceptionRules rules, string? branch, CancellationToken ct) => reading.For(who, ct).Answer(async (_, viewer) =>
        {
            var scope = viewer.Scope(See, branch);
            if (scope.IsRefused) return scope.Refusal;
            var settings = (await rules.Settings.Get(ct)).Value;
            var exponent = viewer.Organisation.Company.Currency.Exponent;
            Guid? at = string.IsNullOrEmpty(branch) ? null : scope.Value.Ids[0];
            return (Result<ExceptionRulesAnswer>)new ExceptionRulesAnswer([.. reading.Catalogue.All.SelectMany(function => function.Exceptions.Select(rule => Tell(function, rule, settings, at, exponent)))]);
        })).WithName("exceptionRules").WithSummary("The rules of all functions as they hold for the company, or at the branch that is named.")
            .WithMetadata(new AsksFor(See)).Produces<ExceptionRulesAnswer>().Refuses(No);

        group.MapGet("/{code}/dry-run", (string code, HttpRequest request, RequestActor who, Reading reading, DateOnly? from, DateOnly? to, string? branch, CancellationToken ct) =>
            reading.For(who, ct).Answer(async (db, viewer) =>
            {
                var scope = viewer.Scope(See, branch);
                if (scope.IsRefused) return scope.Refusal;
                if (ExceptionRuleMaster.Declared(reading.Catalogue, code) is not { } found) return Kernel.Reporting.Refusals.NotFound("exception rule");
                // It leads to documents, so it tells only of branches where the reader sees them.
                var seen = viewer.Scope($"{found.Function.Code}.view", branch);
                if (seen.IsRefused) return seen.Refusal;
                if (found.Rule.Caught is null) return CannotTry;
                var last = to ?? reading.Today(who);
                var first = from ?? last.AddDays(-29);
                if (last < first || last.DayNumber - first.DayNumber > LongestDays) return RangeInvalid;
                var exponent = viewer.Organisation.Company.Currency.Exponent;
                var instead = ExceptionRuleMaster.Read(found.Rule, Parameters.Filters(request, "from", "to", "branch"), exponent, "");
                if (instead.IsRefused) return instead.Refusal;
                var branches = scope.Value.Ids.Intersect(seen.Value.Ids).ToList();
                var run = await request.HttpContext.RequestServices.GetRequiredService<RuleRuns>().Try(db, found.Function, found.Rule, branches, first, last, instead.Value, ct);
                return (Result<ExceptionTrialAnswer>)Tell(found.Function, found.Rule, run, first, last, viewer);
            })).WithName("tryExceptionRule").WithSummary("What a rule would have caught on some days; its parameters by name go before those in force.")
            .WithMetadata(new AsksFor(See)).Produces<ExceptionTrialAnswer>().Refuses(No);
    }

    private static Refusal RangeInvalid { get; } = Kernel.Reporting.Refusals.RangeInvalid() with { Message = $"The range of days must begin before it ends and have at most {LongestDays} days." };

    private static ExceptionRuleItem Tell(Function function, ExceptionDeclaration rule, RuleSettings settings, Guid? branch, int exponent) => new(
        rule.Code, rule.Name, function.Code, function.Name,
        [.. rule.Parameters.Select(parameter => new ExceptionParameter(parameter.Name, parameter.Label, parameter.Type, Show(parameter, parameter.Default, exponent),
            Show(parameter, parameter.Least, exponent), Show(parameter, parameter.Most, exponent)))],
        Tell(new RuleSettings([]).Of(rule), exponent), Tell(settings.Of(rule, branch), exponent), rule.Due is not null, rule.Caught is not null,
        rule.Fold == FoldBy.BranchAndUser ? "branchAndUser" : "subject");

    private static ExceptionRuleStanding Tell(RuleInForce rule, int exponent) => new(
        rule.Active, rule.Severity, rule.Declared.Parameters.ToDictionary(parameter => parameter.Name, parameter => Show(parameter, rule[parameter.Name], exponent)),
        rule.OwnerRole, rule.EscalateMinutes, rule.EscalateRole, rule.QuietMinutes, EscalationChain.Read(rule.EscalateThen));

    private static ExceptionTrialAnswer Tell(Function function, ExceptionDeclaration rule, DryRun run, DateOnly from, DateOnly to, Viewer viewer) => new(
        rule.Code, new RangeAnswer(from, to), run.Caught, run.Documents, run.Documents > 0 ? Shown.Millionths((long)((Int128)run.Caught * 1_000_000 / run.Documents)) : null, run.Raised, rule.FigureType,
        [.. run.Branches.Select(row => new ExceptionTrialBranch(viewer.BranchCode(row.Branch), row.Caught))],
        [.. run.First.Select(row => new ExceptionTrialRow(row.DocumentId is { } id ? new DocumentLink(id, row.Label, function.Code) : null, row.DocumentId is null ? row.SessionId : null,
            viewer.BranchCode(row.BranchId), row.BusinessDate, row.Label, $"{Shown.Of(row.Figure, rule.FigureType, viewer.Organisation.Company.Currency.Exponent)}"))]);

    private static string Show(RuleParameter parameter, long value, int exponent) => ExceptionRuleMaster.Shown(parameter, value, exponent);
}
