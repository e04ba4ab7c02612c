using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Approvals;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Values;

namespace Plug1.Http.Operations;

/// <summary>A figure that rules can compare. <c>Type</c> is money, rate or integer.</summary>
public sealed record RuleFigure(string Name, string Label, string Type);

/// <summary>A kind of document that rules can be about; its code is empty for all kinds.</summary>
public sealed record RuleKind(string Code, string Name, IReadOnlyList<string> Actions, IReadOnlyList<RuleFigure> Figures);

/// <summary>A function that rules can be about.</summary>
public sealed record RuleFunction(string Code, string Name, IReadOnlyList<RuleKind> Kinds);

/// <summary>What approval rules can say.</summary>
public sealed record RuleChoicesAnswer(IReadOnlyList<RuleFunction> Functions);

/// <summary>What a rule would have caught at a branch. Amount in the company's currency.</summary>
public sealed record TriedBranchItem(string Branch, string Name, long Asked, long Caught, string Amount);

/// <summary>A document that a rule would have caught. The figure is money, per cent, or a count; null for always.</summary>
public sealed record CaughtItem(Guid Id, string? Number, string Function, string Kind, string Branch, DateOnly BusinessDate, string Total, string Currency, string Maker, string? Figure);

/// <summary>What a rule would have caught.</summary>
/// <param name="Asked">Documents that took the step.</param>
/// <param name="Caught">Of these, those that would have waited.</param>
/// <param name="Amount">Their total without signs.</param>
/// <param name="Days">Days of the range.</param>
/// <param name="Branches">By branch.</param>
/// <param name="First">The documents with the greatest figures.</param>
public sealed record DryRunAnswer(long Asked, long Caught, string Amount, int Days, IReadOnlyList<TriedBranchItem> Branches, IReadOnlyList<CaughtItem> First);

/// <summary>Trying approval rules on what has been, before they stop people.</summary>
internal static class ApprovalRuleEndpoints
{
    private const string See = "kernel.rules.view";
    private const int MostDays = 366;
    private static readonly int[] No = [400, 401, 403, 404, 422];

    public static void MapApprovalRules(this RouteGroupBuilder api)
    {
        var rules = api.MapGroup("/approval-rules").WithTags("Approvals");
        rules.MapGet("/choices", async (RequestActor who, Reading reading, CancellationToken ct) =>
        {
            var viewer = await reading.Viewer(who, ct);
            return viewer.Actor.MayAnywhere(See) ? Results.Ok(new RuleChoicesAnswer([.. reading.Catalogue.All.Select(Tell).Where(function => function.Kinds.Count > 0)])) : CommandRunner.Denied(See).ToHttp();
        }).WithName("approvalRuleChoices").WithSummary("What approval rules can say: kinds of documents, their steps, the figures compared.").Produces<RuleChoicesAnswer>().Refuses(No);

        rules.MapGet("/dry-run", (RequestActor who, Reading reading, CancellationToken ct, string function = "", string action = "", string kind = "", string figure = "", long over = 0, DateOnly? from = null, DateOnly? to = null, string? branch = null) =>
            reading.For(who, ct).Answer<DryRunAnswer>(async (db, viewer) =>
            {
                if (!viewer.Actor.MayAnywhere(See)) return CommandRunner.Denied(See);
                if (reading.Catalogue.Find(function) is not { } known) return Kernel.Reporting.Refusals.FilterInvalid("function", function);
                if (kind.Length > 0 && !known.Kinds.Any(one => one.Code == kind)) return Kernel.Reporting.Refusals.FilterInvalid("kind", kind);
                if (ApprovalDryRun.Impossible(known, kind, action, figure) is { } never) return never;
                var last = to ?? reading.Today(who);
                var first = from ?? last.AddDays(-29);
                if (last < first || last.DayNumber - first.DayNumber >= MostDays)
                    return Kernel.Reporting.Refusals.RangeInvalid($"{MostDays} days");
                var scope = viewer.Scope($"{known.Code}.view", branch);
                if (scope.IsRefused) return scope.Refusal;
                var rule = new TriedRule(kind, action, figure, over, first, last);
                var (branches, caught) = await ApprovalDryRun.Run(db, known, rule, scope.Value, ct);
                return Tell(known, rule, branches, caught, viewer);
            })).WithName("tryApprovalRule").WithSummary("How many documents a rule would have caught, and which; of the last thirty days when no range is given.").Produces<DryRunAnswer>().Refuses(No);
    }

    private static RuleFunction Tell(Function function)
    {
        var kinds = function.Kinds.Select(kind => (kind.Code, kind.Name)).Append(("", "")).Select(kind => new RuleKind(
            kind.Item1, kind.Item2,
            [.. new[] { Verb.Submit, Verb.Reverse }.Where(action => function.Kinds.Any(one => (kind.Item1.Length == 0 || one.Code == kind.Item1) && function.AsksApproval(one.Code, action)))],
            [.. ApprovalDryRun.FiguresOf(function, kind.Item1).DistinctBy(figure => figure.Name).Select(figure => new RuleFigure(figure.Name, figure.Label, figure.Type))]));
        return new RuleFunction(function.Code, function.Name, [.. kinds.Where(kind => kind.Actions.Count > 0)]);
    }

    private static DryRunAnswer Tell(Function function, TriedRule rule, IReadOnlyList<TriedBranch> branches, IReadOnlyList<CaughtDocument> caught, Viewer viewer)
    {
        var home = viewer.Organisation.Company.Currency;
        var type = ApprovalDryRun.FiguresOf(function, rule.Kind).FirstOrDefault(figure => figure.Name == rule.Figure)?.Type ?? "integer";
        string Money(long minor, string? code = null) => new Money(minor, code is not null && Currencies.TryOf(code, out var currency) ? currency : home).ToString();
        return new DryRunAnswer(
            branches.Sum(one => one.Asked), branches.Sum(one => one.Caught), Money(branches.Sum(one => one.Amount)), rule.To.DayNumber - rule.From.DayNumber + 1,
            [.. branches.Select(one => new TriedBranchItem(viewer.BranchCode(one.BranchId), viewer.Organisation.Branch(one.BranchId).Name, one.Asked, one.Caught, Money(one.Amount)))],
            [.. caught.Select(one => new CaughtItem(
                one.Id, one.Number, function.Code, one.Kind, viewer.BranchCode(one.BranchId), one.BusinessDate, Money(one.Total, one.Currency), one.Currency, one.Maker,
                one.Figure is { } figure ? Convert.ToString(Shown.Of(figure, type, home.Exponent), CultureInfo.InvariantCulture) : null))]);
    }
}
