using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Plug1.Kernel;

namespace Plug1.Http;

/// <summary>The version that a writer has seen, from the header <c>If-Match: "3"</c>.</summary>
public static class IfMatch
{
    private static readonly Refusal Invalid = Kernel.Reporting.Refusals.ParameterInvalid("If-Match", "") with { Message = "If-Match is a version in quotation marks, such as \"3\".", At = null, Status = 400 };

    /// <summary>The version; null when the header is not there or is <c>*</c>.</summary>
    public static Result<long?> Of(HttpContext context)
    {
        var text = context.Request.Headers.IfMatch.ToString().Trim();
        if (text is "" or "*") return (long?)null;
        return long.TryParse(text.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : Invalid;
    }
}

/// <summary>What the description of an endpoint says of its refusals.</summary>
public static class EndpointDescriptions
{
    /// <summary>Names the statuses with which the endpoint may say no.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses) endpoint.Produces<Problem>(status, ProblemDetailsExtensions.MediaType);
        return endpoint;
    }
}
