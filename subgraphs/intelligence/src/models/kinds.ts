/** What one training makes, as `ModelKind` in the contract; triage is trained by itself. */
export const modelKinds = ['CHURN', 'LTV', 'SEGMENTATION', 'REPURCHASE', 'ENGAGEMENT'] as const
