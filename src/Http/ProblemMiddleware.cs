using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Plug1.Http.Diagnostics;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Http;

/// <summary>Makes every failed answer a problem: bad input tells what is wrong with it, an error of ours gets an incident number.</summary>
public sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log, IncidentLog incidents, TimeProvider clock)
{
    /// <summary>Runs the rest.</summary>
    public async Task Invoke(HttpContext context)
    {
        if (context.Request.Path.Value?.Contains('\0', StringComparison.Ordinal) == true || context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true)
        {
            await ProblemDetailsExtensions.Make(400, "PARAMETER_INVALID", "The address has a character that no text may have (U+0000).").Write(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone.
            return;
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await Of(failure, context).Write(context);
            return;
        }

        var response = context.Response;
        if (response.StatusCode >= 400 && !response.HasStarted && response.ContentLength is null && response.ContentType is null)
            await Bare(response.StatusCode).Write(context);
    }

    private Problem Of(Exception failure, HttpContext context) => failure switch
    {
        BadHttpRequestException { StatusCode: 413 } => Bare(413),
        BadHttpRequestException { StatusCode: 415 } => Bare(415),
        BadHttpRequestException { InnerException: JsonException body } => Body(body),
        BadHttpRequestException bad => BadRequest(bad),
        JsonException body => Body(body),
        UnstorableTextException => ProblemDetailsExtensions.Make(400, "BODY_INVALID", failure.Message),
        _ => Incident(failure, context),
    };

    private static Problem Body(JsonException failure)
    {
        var errors = BodyErrors.Of(failure);
        return ProblemDetailsExtensions.Make(400, "BODY_INVALID", "The body is not what this call expects.", errors);
    }

    private static Problem BadRequest(BadHttpRequestException failure)
    {
        if (Parameter().Match(failure.Message) is not { Success: true } parameter)
            return ProblemDetailsExtensions.Make(failure.StatusCode, "BODY_INVALID", "The request cannot be read.");
        var name = parameter.Groups["name"].Value;
        if (failure.Message.Contains("body", StringComparison.Ordinal))
            return ProblemDetailsExtensions.Make(400, "BODY_INVALID", "A body is required.", [new ProblemError("", "MEMBER_REQUIRED", "A body is required.")]);
        return ProblemDetailsExtensions.Make(400, "PARAMETER_INVALID", $"The parameter {name} is missing or has not the form that is expected.",
            [new ProblemError($"/{name}", "PARAMETER_INVALID", "Missing, or not of the expected form.")]);
    }

    private static Problem Bare(int status) => status switch
    {
        401 => Kernel.Security.SecurityRefusals.SignInRequired.ToProblem(),
        403 => ProblemDetailsExtensions.Make(403, "PERMISSION_DENIED", "You may not do this."),
        404 => ProblemDetailsExtensions.Make(404, "NOT_FOUND", "There is nothing at this address."),
        405 => ProblemDetailsExtensions.Make(405, "METHOD_NOT_ALLOWED", "This address does not know this method."),
        413 => ProblemDetailsExtensions.Make(413, "BODY_TOO_LARGE", "The body is larger than this call takes."),
        415 => ProblemDetailsExtensions.Make(415, "MEDIA_TYPE_UNSUPPORTED", "Send the body as application/json."),
        429 => ProblemDetailsExtensions.Make(429, "TOO_MANY_REQUESTS", "There were too many requests. Wait a little."),
        < 500 => ProblemDetailsExtensions.Make(status, "REQUEST_INVALID", "The request cannot be answered."),
        _ => ProblemDetailsExtensions.Make(status, "UNAVAILABLE", "This cannot be answered now. Try again later."),
    };

    private Problem Incident(Exception failure, HttpContext context)
    {
        var incident = Ids.New(clock).ToString("N")[^12..];
        incidents.Add(incident, clock.GetUtcNow(), context, failure);
        log.LogError(failure, "Incident {Incident}: {Method} {Path}", incident, context.Request.Method, context.Request.Path.Value);
        return ProblemDetailsExtensions.Make(500, "INTERNAL_ERROR", $"Something is wrong on our side. Tell support the number {incident}.", incident: incident);
    }

    [GeneratedRegex("parameter \"(?:[^\" ]+ )*(?<name>[^\" ]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Parameter();
}
