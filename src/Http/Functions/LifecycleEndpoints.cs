using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;

namespace Plug1.Http.Functions;

/// <summary>Why a step is taken.</summary>
/// <param name="Reason">Reason code from the function's list.</param>
/// <param name="Text">Free text beside it.</param>
public sealed record StepRequest(string? Reason = null, string? Text = null);

/// <summary>The lifecycle verbs of every function.</summary>
public static class LifecycleEndpoints
{
    /// <summary>Maps <c>POST {route}/{id}/{verb}</c> for each verb but those that the function maps itself.</summary>
    public static void MapLifecycle(this RouteGroupBuilder api, Function function, IReadOnlySet<string> own)
    {
        var group = api.MapGroup($"/{function.Module}/{function.Slug}").WithTags(function.Name);
        foreach (var verb in Verb.Offered.Where(verb => !own.Contains(verb)))
        {
            group.MapOptional<StepRequest, LifecycleOutcome>($"/{{id:guid}}/{verb}", 200, async (call, body, http) =>
            {
                var version = IfMatch.Of(http);
                if (version.Refusal is { } no) return no;
                var step = new LifecycleStep(verb, IdOf(http), version.Value, body?.Reason, body?.Text);
                return await http.RequestServices.GetRequiredService<LifecycleDesk>().Run(call, function.Code, step, http.RequestAborted);
            }).WithName($"{verb}-{function.Code}").WithSummary($"Takes the step '{verb}' of a document.");
        }
    }

    /// <summary>The id in the route.</summary>
    public static Guid IdOf(HttpContext http) => Guid.Parse((string)http.Request.RouteValues["id"]!);
}
